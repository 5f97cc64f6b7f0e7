"""Figures that everybody can read: one style, and alt text in the output."""

from __future__ import annotations

import base64
import html
import io
import sys
from typing import Any

from autograde.lesson import place
from autograde.lesson.trouble import LessonError

# Okabe and Ito, "Color Universal Design" (2002, revised 2008): eight colours that people with every common kind of
# colour blindness tell apart. Black is kept for text and axes; yellow comes last because it is faint on white.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
DPI = 96


def apply_style() -> None:
    """Set matplotlib's defaults to the course's style; does nothing where matplotlib is not installed."""
    try:
        import matplotlib
    except ImportError:
        return
    from cycler import cycler

    # Dashes as well as colours: a curve stays recognisable in greyscale print.
    dashes = ["-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1))]
    matplotlib.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=PALETTE) + cycler(linestyle=dashes),
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlelocation": "left",
            "axes.titlesize": 12,
            "axes.labelsize": 11,
            "figure.constrained_layout.use": True,
            "figure.dpi": DPI,
            "figure.facecolor": "white",
            "figure.figsize": (7.0, 4.0),
            "font.size": 11,
            "grid.alpha": 0.6,
            "grid.color": "#cccccc",
            "image.cmap": "cividis",
            "legend.frameon": False,
            "lines.linewidth": 2.0,
            "savefig.facecolor": "white",
        }
    )


def show(fig: Any, alt: str) -> None:
    """Show a matplotlib figure as a PNG with its alternative text, and close it.

    alt: what the picture shows, with its numbers, for a reader who cannot see it. The text goes into the output's
    metadata ({"image/png": {"alt": …}}), into text/plain and into an HTML image, because JupyterLab and nbconvert's
    default template drop the first. Without a notebook the figure is only closed. Raises LessonError for an empty alt.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise LessonError(
            'lesson.show needs alt="what the picture shows, with its numbers" for readers who cannot see it.'
        )
    alt = " ".join(alt.split())
    if place.shell() is not None:
        buffer = io.BytesIO()
        fig.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        png = base64.b64encode(buffer.getvalue()).decode("ascii")
        image = f'<img src="data:image/png;base64,{png}" alt="{html.escape(alt)}" style="max-width:100%"/>'
        place.publish({"image/png": png, "text/html": image, "text/plain": alt}, {"image/png": {"alt": alt}})
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
    apply_style()  # for the next figure, should matplotlib have been imported or reset since the lesson started
