"""What registry modules make of their inputs, where the modules themselves are not here.

Each `.hcl` file beside this one is the outline of one module: its inputs with their defaults, the resources that a policy can see, and the
outputs that lead to them, at the addresses that the module itself gives them. An outline is followed like any module
(`read/tree.py`), so a call of a module that nobody downloaded is judged by the same code as one that was. What an outline leaves out
(packages, log groups, alarms) no policy asks about, and an output that it does not name stays a reference to the call.

An outline is no module that Terraform could apply. Three things in it are of our own:

- `var.module_major`, the major version that a call asks for;
- `only_if` in a block, which is not made where that is false, and perhaps made where it is undecided: how many there would be stays known;
- `unless_null` in a nested block, which is made unless one of these is null. That says better than a comparison what these modules mean: an
  output of another module may be null for all that Terraform's language tells, and nobody writes it here meaning that. Without the
  brackets of a list it asks for an object, and one that is decided elsewhere may be null.
"""
