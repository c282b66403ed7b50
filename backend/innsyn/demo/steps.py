"""What the one who waits sees: a moving line in a terminal, plain lines in a log."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Steps:
    """The steps of a start, one after the other."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._line = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._line.add_task("", total=None)

    def __enter__(self) -> Self:
        self._line.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.stop()

    def next(self, description: str) -> None:
        """A new step begins."""
        self._line.update(self._task, description=description, completed=0, total=None)
        if not self._console.is_terminal:
            self._console.print(f"{description} …", markup=False)

    def share(self, done: int, of: int) -> None:
        """How much of this step is done."""
        self._line.update(self._task, completed=done, total=of)
