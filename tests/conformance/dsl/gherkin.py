"""Reads Gherkin: the part of it that features of a language need."""

import dataclasses
import re

KEYWORD = re.compile(r"(Given|When|Then|And|But)\s+(.*)")
QUOTES = '"""'


@dataclasses.dataclass
class Step:
    text: str
    line: int
    block: str = None  # the text between the quotes below it


@dataclasses.dataclass
class Scenario:
    title: str
    line: int
    steps: list = dataclasses.field(default_factory=list)


class Malformed(Exception):
    pass


def undented(lines):
    filled = [line for line in lines if line.strip()]
    width = min((len(line) - len(line.lstrip()) for line in filled), default=0)
    return "\n".join(line[width:] for line in lines) + "\n"


def read(text):
    """The scenarios of one feature."""
    scenarios, block = [], None
    for number, line in enumerate(text.splitlines(), 1):
        word = line.strip()
        if block is not None:
            if word == QUOTES:
                scenarios[-1].steps[-1].block = undented(block)
                block = None
            else:
                block.append(line)
        elif word.startswith(QUOTES):
            if not scenarios or not scenarios[-1].steps:
                raise Malformed(f"line {number}: a text without a step")
            block = []
        elif word.startswith("Scenario:"):
            scenarios.append(Scenario(word[len("Scenario:"):].strip(), number))
        elif (found := KEYWORD.match(word)) and scenarios:
            scenarios[-1].steps.append(Step(found.group(2).strip(), number))
        elif word and not word.startswith("#") and scenarios:
            raise Malformed(f"line {number}: `{word}` is no step")
    if block is not None:
        raise Malformed("a text is not closed")
    if not scenarios:
        raise Malformed("no scenario")
    return scenarios
