"""The language of the terminal, for our own sentences and for those of click."""

import gettext
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

LOCALE: Final = Path(__file__).parent / "locale"
CHINESE: Final = "zh_Hans"


def terminal_language() -> str:
    """中文 when the terminal says so (LC_ALL, LC_MESSAGES, LANG), else English."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if said.startswith("zh") else "en"


def speak(language: str) -> None:
    """click says its own sentences (usage, missing options) in this language from now on."""
    os.environ["LANGUAGE"] = CHINESE if language.startswith("zh") else "en"
    gettext.bindtextdomain("click", LOCALE)
    gettext.textdomain("click")


def overview_words(language: str) -> Callable[[str], str]:
    """Translates the overview of commands, before Django is awake."""
    if not language.startswith("zh"):
        return str
    return gettext.translation("django", LOCALE, [CHINESE], fallback=True).gettext


def translate_help(command: click.Command, say: Callable[[str], str]) -> None:
    """Every help text of a command, its options and its subcommands is in the language when this returns."""
    if command.help:
        command.help = _each_paragraph(command.help, say)
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            option.help = say(option.help)
    for inner in getattr(command, "commands", {}).values():
        translate_help(inner, say)


def help_texts(command: click.Command) -> list[str]:
    """Every help text of a command and of all beneath it, as `translate_help` looks them up."""
    texts = [_on_one_line(part) for part in (command.help or "").split("\n\n") if part]
    texts += [one.help for one in command.params if isinstance(one, click.Option) and one.help]
    return texts + [text for inner in getattr(command, "commands", {}).values() for text in help_texts(inner)]


def _each_paragraph(text: str, say: Callable[[str], str]) -> str:
    return "\n\n".join(say(_on_one_line(part)) for part in text.split("\n\n"))


def _on_one_line(paragraph: str) -> str:
    return " ".join(paragraph.split())
