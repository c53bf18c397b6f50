"""What came in cannot be used as it is."""


class Unfit(ValueError):
    """One sentence for each field that is not as it should be: ``Unfit(mode="请选择走访方式")``."""

    def __init__(self, **fields: str) -> None:
        super().__init__("；".join(fields.values()))
        self.fields = fields
