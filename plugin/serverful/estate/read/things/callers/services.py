"""Callers that wait for an answer and stand behind no API: sign-in, bots, agents, transformations; and Terraform itself.

Arguments: Terraform AWS provider 6.55 documentation, page of each type. Styles: AWS Lambda Developer Guide, "Invoking Lambda with events
from other AWS services" (2026), and each service's own guide.
"""

from __future__ import annotations

from serverful.estate.model import Style
from serverful.estate.read.things.callers.calling import Shape

_WAITS = Style.SYNCHRONOUS

INVOCATION = Shape("Terraform", _WAITS, ("function_name",), qualifier="qualifier")

SHAPES: dict[str, tuple[Shape, ...]] = {
    "aws_lambda_invocation": (INVOCATION,),
    # people sign in
    "aws_cognito_user_pool": (
        Shape(
            "Cognito",
            _WAITS,
            tuple(
                f"lambda_config.{name}"
                for name in (
                    "create_auth_challenge",
                    "custom_message",
                    "define_auth_challenge",
                    "post_authentication",
                    "post_confirmation",
                    "pre_authentication",
                    "pre_sign_up",
                    "pre_token_generation",
                    "pre_token_generation_config.lambda_arn",
                    "user_migration",
                    "verify_auth_challenge_response",
                    "custom_email_sender.lambda_arn",
                    "custom_sms_sender.lambda_arn",
                )
            ),
        ),
    ),
    "aws_transfer_server": (Shape("Transfer Family", _WAITS, ("function",)),),
    "aws_ec2_client_vpn_endpoint": (Shape("Client VPN", _WAITS, ("client_connect_options.lambda_function_arn",)),),
    "aws_iot_authorizer": (Shape("IoT authorizer", _WAITS, ("authorizer_function_arn",)),),
    "aws_iot_provisioning_template": (Shape("IoT", _WAITS, ("pre_provisioning_hook.target_arn",)),),
    # people and machines talk
    "aws_lex_intent": (Shape("Lex", _WAITS, ("dialog_code_hook.uri", "fulfillment_activity.code_hook.uri")),),
    "aws_connect_lambda_function_association": (Shape("Connect", _WAITS, ("function_arn",), "instance_id"),),
    "aws_chimesdkvoice_sip_media_application": (Shape("Chime SDK", _WAITS, ("endpoints.lambda_arn",)),),
    "aws_ivschat_room": (Shape("IVS Chat", _WAITS, ("message_review_handler.uri",)),),
    "aws_pinpoint_app": (Shape("Pinpoint", _WAITS, ("campaign_hook.lambda_function_name",)),),
    "aws_bedrockagent_agent_action_group": (Shape("Bedrock agent", _WAITS, ("action_group_executor.lambda",)),),
    "aws_bedrockagent_agent": (Shape("Bedrock agent", _WAITS, ("prompt_override_configuration.override_lambda",)),),
    "aws_bedrockagent_flow": (Shape("Bedrock flow", _WAITS, ("definition.node.configuration.lambda_function.lambda_arn",)),),
    "aws_bedrockagent_data_source": (
        Shape(
            "Bedrock knowledge base",
            _WAITS,
            (
                "vector_ingestion_configuration.custom_transformation_configuration.transformation.transformation_function"
                ".transformation_lambda_configuration.lambda_arn",
            ),
        ),
    ),
    "aws_bedrockagentcore_gateway_target": (
        Shape("Bedrock AgentCore", _WAITS, ("target_configuration.mcp.lambda.lambda_arn",), "gateway_identifier"),
    ),
    "aws_bedrockagentcore_gateway": (Shape("Bedrock AgentCore", _WAITS, ("interceptor_configuration.interceptor.lambda.arn",)),),
    # records are changed on their way
    "aws_s3control_object_lambda_access_point": (
        Shape(
            "S3 Object Lambda",
            _WAITS,
            ("configuration.transformation_configuration.content_transformation.aws_lambda.function_arn",),
        ),
    ),
    "aws_kinesis_analytics_application": (
        Shape("Kinesis Data Analytics", _WAITS, ("inputs.processing_configuration.lambda.resource_arn", "outputs.lambda.resource_arn")),
    ),
    "aws_kinesisanalyticsv2_application": (
        Shape(
            "Kinesis Data Analytics",
            _WAITS,
            (
                "application_configuration.sql_application_configuration.input.input_processing_configuration"
                ".input_lambda_processor.resource_arn",
                "application_configuration.sql_application_configuration.output.lambda_output.resource_arn",
            ),
        ),
    ),
    "aws_athena_data_catalog": (
        Shape("Athena", _WAITS, ("parameters.function", "parameters.metadata-function", "parameters.record-function")),
    ),
    "aws_kendra_data_source": (
        Shape(
            "Kendra",
            _WAITS,
            (
                "custom_document_enrichment_configuration.pre_extraction_hook_configuration.lambda_arn",
                "custom_document_enrichment_configuration.post_extraction_hook_configuration.lambda_arn",
            ),
        ),
    ),
    "aws_sagemaker_labeling_job": (
        Shape(
            "SageMaker",
            _WAITS,
            (
                "human_task_config.pre_human_task_lambda_arn",
                "human_task_config.annotation_consolidation_config.annotation_consolidation_lambda_arn",
            ),
        ),
    ),
    # deployments and switches ask
    "aws_arcregionswitch_plan": (
        Shape(
            "Region switch",
            Style.EITHER,
            (
                "workflow.step.custom_action_lambda_config.lambda.arn",
                "workflow.step.parallel_config.step.custom_action_lambda_config.lambda.arn",
            ),
        ),
    ),
    "aws_appconfig_extension": (Shape("AppConfig", Style.EITHER, ("action_point.action.uri",), is_mixed=True),),
    "aws_ecs_service": (Shape("ECS deployment", _WAITS, ("deployment_configuration.lifecycle_hook.hook_target_arn",)),),
}
