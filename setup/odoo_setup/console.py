"""What the user sees: steps with their progress, and failures with a way out."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
import threading
import time

TICK = 0.5
SLOW_TICK = 20  # seconds between two signs of life where there is no terminal


class Failure(Exception):
    """Something that the user can do something about: one line, and a way out."""

    def __init__(self, problem, way_out=""):
        super().__init__(problem)
        self.problem = problem
        self.way_out = way_out

    def __str__(self):
        return f"{self.problem}\n  -> {self.way_out}" if self.way_out else self.problem


@contextlib.contextmanager
def failures_as_exit():
    """Turn what can be expected to fail into one clear line and an exit code."""
    try:
        yield
    except Failure as failure:
        print(f"\nERROR: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped. The next run takes up what is left to do.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        failure = _from_os_error(error)
        if not failure:
            raise
        print(f"\nERROR: {failure}", file=sys.stderr)
        sys.exit(1)


def _from_os_error(error):
    where = error.filename or "the disk"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Failure(
            f"{where} cannot be written: {os.strerror(error.errno)}.",
            "Was it made by another user (root)? Remove it, or run as that user.",
        )
    return None


def disk_full(where):
    """The failure that says so."""
    return Failure(
        f"The disk of {where} is full.",
        "Free some space (about 3 GB are needed) or set XDG_CACHE_HOME to a folder on"
        " another disk, and run again.",
    )


def say(text=""):
    print(text, flush=True)


class Step:
    """A line that shows what is being done, for how long, and how far it has come."""

    def __init__(self, label):
        self.label = label
        self.detail = ""
        self._begin = time.monotonic()
        self._done = threading.Event()
        self._tty = sys.stdout.isatty()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def __enter__(self):
        if not self._tty:
            say(f"{self.label}...")
        self._thread.start()
        return self

    def __exit__(self, kind, *_exc):
        self._done.set()
        self._thread.join()
        seconds = time.monotonic() - self._begin
        end = f"{self.label}: {'stopped' if kind else 'done'} ({seconds:.0f} s)"
        say(f"\r\033[K{end}" if self._tty else end)

    def _show(self):
        while not self._done.wait(TICK if self._tty else SLOW_TICK):
            line = (
                f"{self.label}... {time.monotonic() - self._begin:.0f} s  {self.detail}"
            )
            if self._tty:
                line = line[: os.get_terminal_size().columns - 1]
                sys.stdout.write(f"\r\033[K{line}")
                sys.stdout.flush()
            else:
                say(line)


class CommandFailed(Exception):
    """A command ended with an error; `output` is all that it printed."""

    def __init__(self, command, code, output):
        end = "".join(output.splitlines(keepends=True)[-30:])
        super().__init__(f"{' '.join(command)} ended with {code}:\n{end}")
        self.command = command
        self.code = code
        self.output = output

    @property
    def last_line(self):
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        return lines[-1] if lines else f"{self.command[0]} ended with {self.code}"


def run(command, step=None, detail=str.strip, log=None, check=True, **options):
    """Run a command and return its output; show its last line on the step.

    `detail` makes of a line of output what is shown (None keeps what is there). What
    the command says about a full disk becomes that failure.
    """
    options.setdefault("stdin", subprocess.DEVNULL)
    text = options.pop("input", None)
    if text is not None:
        options["stdin"] = subprocess.PIPE
    lines = []
    with contextlib.ExitStack() as stack:
        log_file = stack.enter_context(open(log, "a")) if log else None
        process = stack.enter_context(
            subprocess.Popen(
                [str(part) for part in command],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                **options,
            )
        )
        try:
            if text is not None:
                process.stdin.write(text)
                process.stdin.close()
            for line in process.stdout:
                lines.append(line)
                if log_file:
                    log_file.write(line)
                    log_file.flush()
                if step and (shown := detail(line)):
                    step.detail = shown
        except BaseException:
            stop(process)
            raise
        code = process.wait()
    output = "".join(lines)
    if code and "No space left on device" in output:
        raise disk_full(options.get("cwd") or os.getcwd())
    if code and check:
        raise CommandFailed([str(part) for part in command], code, output)
    return output


def stop(process, patience=20):
    """End a child process: ask it first, then make it end."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience)
