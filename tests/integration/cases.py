"""What these programs have in common: a line for each case, and how many passed in the end."""

results = []


def case(title, holds, seen=""):
    results.append(bool(holds))
    print(f"ok   {title}" if holds else f"FAIL {title}\n     saw: {seen}", flush=True)


def says(title, done, code, *words):
    """A command that is over: it ended with this exit code and said all of this."""
    said = done.stdout + done.stderr
    flowing = " ".join(said.split())
    missing = [word for word in words if word not in said and word not in flowing]
    case(title, done.returncode == code and not missing,
         f"exit code {done.returncode}, expected {code}; does not say {missing}: {said[:800]}")


def all_passed():
    return bool(results) and all(results)


def verdict():
    """Prints the last line; the exit status."""
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all_passed() else 1
