"""The one exception of this package."""


class ScenarioError(Exception):
    """A scenario cannot be used; the message names the field, the value, the rule and the way out."""


class CapabilityError(Exception):
    """The frozen capability scale cannot be used; the message names the fault."""
