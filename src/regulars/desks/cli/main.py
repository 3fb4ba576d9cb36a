"""`regulars`: every journey from the command line. Commands live beside this file, one file per subject.

It ends with 0 when it did what was asked; 1 when that was refused or could not be, and why is told on standard error;
2 when the command itself was not understood; 130 when interrupted.
"""

import gettext
import os
import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Final

import click

from regulars.desks.cli.language import overview_words, speak, terminal_language, translate_help


@dataclass(frozen=True, slots=True)
class Known:
    """A command: the file it lives in, what it does in a sentence, whether it needs the house to be open."""

    module: str
    does: str
    needs_house: bool = True


SECTIONS: Final[dict[str, dict[str, Known]]] = {
    "The house": {
        "demo": Known("demo", "See everything at once: a year of a grocer's real orders.", needs_house=False),
        "start": Known("serving", "Start the database and bring it up to date.", needs_house=False),
        "serve": Known("serving", "Open the console, with the background work beside it.", needs_house=False),
        "worker": Known("serving", "Do the background work: imports, refreshes, sending."),
        "stop": Known("serving", "Stop the embedded database. What was confirmed is safe.", needs_house=False),
        "sign-in": Known("signing_in", "Say who you are at this terminal."),
        "sign-out": Known("signing_in", "Leave this terminal."),
        "whoami": Known("signing_in", "Show as whom this terminal works."),
        "status": Known("serving", "Tell where everything is and whether it runs.", needs_house=False),
        "company": Known("company", "Say who the company is, or show it."),
        "check": Known("checking", "Prove that the house is as declared.", needs_house=False),
    },
    "Data": {
        "import": Known("importing", "Bring in a file of orders or customers."),
        "imports": Known("importing", "List sources and the files that came in."),
        "source": Known("sourcing", "See where data comes from, and say under which terms."),
        "cleaned": Known("importing", "Write what cleaning changed and doubted of an import, by column and reason."),
        "set-aside": Known("importing", "Write the rows an import set aside, to mend and bring again."),
        "stream": Known("streaming", "Let programs send events, and say how they are read."),
        "table": Known("tabling", "Read tables of other databases again and again."),
        "quality": Known("judging", "See how good the data is, and whom to ask again."),
        "refresh": Known("insight", "Compute scores, lists, bucket and segments anew."),
    },
    "Insight": {
        "rfm": Known("insight", "Look at recency, frequency and money, and who moved."),
        "lists": Known("insight", "Show the three lists: due, bought, did not."),
        "bucket": Known("insight", "Show the leaky bucket, month by month."),
        "segment": Known("segmenting", "Try rules, keep them as segments, see who is in them."),
    },
    "Engagement": {
        "customer": Known("customers", "Find and open customers."),
        "recognise": Known("recognising", "Say who somebody may be, slips and all."),
        "match": Known("matching", "Compare everybody with everybody; who may be there twice waits for review."),
        "weights": Known("matching", "See, learn and adopt the weights by which customers are recognised."),
        "duplicates": Known("merging", "Look through pairs that may be one person, and decide."),
        "merge": Known("merging", "Make two records of one person one."),
        "unmerge": Known("merging", "Make two customers again of a merge that was wrong."),
        "group": Known("grouping", "Keep households, company accounts, agents and channels."),
        "choice": Known("choosing", "See what a customer allows, and write it down."),
        "portal-link": Known("customers", "Make a link to a customer's own page."),
        "tasks": Known("tasks", "See what waits; make the lapse list work."),
        "campaign": Known("campaigning", "Draft, prepare, test, judge and roll out campaigns."),
    },
    "Trust": {
        "partner": Known("disclosing", "See to whom data goes, and let it go under a contract."),
        "figures": Known("figuring", "Declare figures for partners, look at them, let them go."),
        "extract": Known("extracting", "Give a partner rows in which nobody can be found."),
        "exports": Known("watching", "See what left, and until when it may be used."),
        "trace": Known("watching", "Say from which export a found list comes."),
        "recheck": Known("watching", "Say which rows of an old list must go."),
        "canary": Known("watching", "Plant invented customers, and hear who touched them."),
        "protect": Known("watching", "Protect customers whose file opens for a case only."),
        "approvals": Known("approving", "See what waits for a second person, and answer it."),
        "log": Known("evidence", "Search who looked at what, and why; close, verify and copy the log."),
        "bundle": Known("evidence", "Write the evidence for an auditor into one file."),
        "report": Known("evidence", "See what was reached, which rights nobody uses, who read outside their branches."),
        "keys": Known("keys", "See the master keys, change them, give up old ones."),
        "codes": Known("coding", "Keep the codes that preferences, complaints and calls are noted under."),
        "attributes": Known("attributes", "Add attributes of the company's own, class them, fill them."),
        "retention": Known("retention", "See what has outlived its keep, and let it go."),
        "texts": Known("texts", "Look through free texts for what should not stand there."),
        "dictionary": Known("office", "Show how every column is classed and shown."),
        "staff": Known("people", "Let people sign in."),
        "token": Known("people", "Give programs tokens, each bound to one purpose."),
        "sql": Known("people", "Give analysts database logins of their own."),
        "psql": Known("people", "Open psql through a view."),
    },
    "Measuring": {
        "bench": Known("measuring", "Measure our work against a peer's.", needs_house=False),
    },
}
COMMANDS: Final = {name: known for section in SECTIONS.values() for name, known in section.items()}
ALSO_CALLED: Final = {"prepare": "start", "segments": "segment", "campaigns": "campaign", "task": "tasks"}
TAGLINE: Final = "Regulars 熟客: knows every customer and keeps every customer's trust."
ENDS_WITH: Final = "Ends with 0 when done, 1 when refused or impossible, 2 when not understood, 130 when interrupted."


class Regulars(click.Group):
    """Finds a command in its file only when it is asked for, so that the overview is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name in the terminal's language, ready to be asked."""
        name = ALSO_CALLED.get(cmd_name, cmd_name)
        return load(name) if name in COMMANDS else None

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What this is, in a sentence."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(overview_words(terminal_language())(TAGLINE))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by subject, without loading any of them."""
        words = overview_words(terminal_language())
        for title, commands in SECTIONS.items():
            with formatter.section(words(title)):
                formatter.write_dl([(name, words(known.does)) for name, known in commands.items()], col_max=16)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it ends."""
        formatter.write_paragraph()
        formatter.write_text(overview_words(terminal_language())(ENDS_WITH))


@cache
def load(name: str) -> click.Command:
    """The command from its file, its help translated, opening the house first where it needs it."""
    wake_django()
    from django.utils import translation

    known = COMMANDS[name]
    module = import_module(f"regulars.desks.cli.{known.module}")
    command: click.Command = getattr(module, f"{name.replace('-', '_')}_command")
    more = (command.help or "").partition("\n\n")[2]
    command.help = f"{known.does}\n\n{more}".strip()
    translate_help(command, translation.gettext)
    if known.needs_house:
        import_module("regulars.desks.cli.opening").open_before(command)
    return command


def wake_django() -> None:
    """Django is set up, in the terminal's language, when this returns."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.site.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(terminal_language())


@click.command(cls=Regulars, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="regulars")
def regulars() -> None:
    """Finds the command and has it done."""


def main() -> None:
    """The program `regulars`. Errors meant for people are told in a sentence; see the top for how it ends."""
    speak(terminal_language())
    translate_help(regulars, gettext.gettext)
    try:
        ended = regulars(standalone_mode=False)  # a command that leaves early hands its status back
        sys.exit(ended if isinstance(ended, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except BrokenPipeError:  # `regulars … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if not _told(error):
            raise
        sys.exit(1)


def _told(error: Exception) -> bool:
    from regulars.desks.cli.waking import sentence_before_waking

    if said := sentence_before_waking(error):  # what follows would perhaps not wake up either
        click.echo(said, err=True)
        return True
    wake_django()
    from regulars.desks.cli.saying import tell_error

    return tell_error(error)
