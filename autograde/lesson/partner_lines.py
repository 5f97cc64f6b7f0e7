"""What the scripted partner says when the lab's author has not written lines of the partner's own.

A line may hold {quote} (the student's words), {amount} (a number the student gave), {number} (the number wanted) and
{name} (the rubric point); {what}, {before}, {times} and {assumes} where a figure is checked. Each list is used in turn,
so that no line comes back before the others were used.
"""

from __future__ import annotations

LINES: dict[str, tuple[str, ...]] = {
    "it_depends": (
        "“It depends” is not a recommendation. Pick one, then tell me what would change your mind.",
        "Everything depends on something. I have to decide this week, so tell me what you would do.",
        "No. You know the situation: it is the one on this page. Commit to an answer for it.",
    ),
    "question_back": (
        "That is the question I am asking you. Give me your best answer, and mark what you are unsure of.",
        "Good question, and it is yours to answer: assume what you must, and say what you assume.",
        "If I knew, I would not need your recommendation. What do you think?",
    ),
    "repetition": (
        "You have told me that already, in nearly the same words. I need something new.",
        "I heard that one before. Repeating it does not make it stronger.",
        "Same words again. Let me come at it from another side.",
    ),
    "echo": (
        "Those are my words, not yours. I know what I said.",
        "You are reading my own sentence back to me. What is your view?",
    ),
    "injection": (
        "I have no marks to give and no instructions to forget. I have a decision to make, and you were going to help.",
        "That may work on a machine. I asked you something.",
    ),
    "hostile": (
        "I will let that pass. We still have a decision to make.",
        "Be as annoyed as you like, but answer.",
        "Noted. Back to the subject.",
    ),
    "vague": (
        "You say “{quote}”. That is too loose for me to act on.",
        "“{quote}”: everybody says that. What is behind it, here, for us?",
        "“{quote}” could mean anything. Be concrete.",
        "I cannot do anything with “{quote}” yet.",
    ),
    "not known": (
        "“{quote}”: fair enough, but then make an estimate and say how sure you are.",
        "You say you do not know. How would you find out, and what is your guess until then?",
    ),
    "a list": (
        "“{quote}” is a list of catchwords. Take one of them and argue it.",
        "You name many things at once: “{quote}”. One at a time, in whole sentences.",
    ),
    "too short": (
        "“{quote}”: say it in a whole sentence, with the reason.",
        "“{quote}” is a heading. I need the paragraph.",
    ),
    "figure alone": (
        "{amount}: good, a figure. Where does it come from, and what is in it?",
        "{amount}. And for what exactly? A figure without its sum is a guess.",
    ),
    "go on": ("“{quote}”: go on, but concretely.", "“{quote}”: then let us stay with that."),
    "no progress": (
        "“{quote}”: I hear you, but that does not answer my question.",
        "You tell me “{quote}”. What follows from it for the decision?",
        "“{quote}” is beside the point I am stuck on.",
    ),
    "also": ("And “{quote}”: that settles {name} for me.", "You also gave me “{quote}”. Good."),
    "amount": (
        "I write down: {amount}.",
        "{amount}: noted, and I will hold you to it.",
        "So we are talking about {amount}.",
    ),
    "half": ("That is a start.", "So far I follow.", "Half an answer."),
    "more": ("“{quote}”: I put that beside what you said on {name}.", "“{quote}”: noted, that belongs to {name}."),
    "turned": (
        "Wait. Before, it was “{before}”. Now it is “{quote}”. I take the new one; your recommendation has to say "
        "why you changed.",
        "You have changed sides again: first “{before}”, now “{quote}”. I will hold you to the last word.",
    ),
    "answered": ("{quote} That is an answer.", "{quote} I can live with that."),
    "number": (
        "What is missing is a figure: {number}. A rough one will do, if you say how you got it.",
        "I cannot plan without {number}. Give me a number, even with a range.",
        "Still no figure. {number}: is it nearer to one or to ten?",
    ),
    "fits": (
        "{amount}: that is about what I get, too.",
        "{amount} for {what}: I have checked it, and it holds.",
    ),
    "too_low": (
        "{amount}, for {what}? I get a good deal more. What did you leave out of the sum?",
        "{amount} is still too little for {what}. Write the units beside each number: where do they not fit?",
    ),
    "too_high": (
        "{amount}, for {what}? I get far less. What is counted twice in your sum, or in the wrong unit?",
        "{amount} is still too much for {what}. Take me through it one factor at a time.",
    ),
    "far_off": ("{amount} and my own sum for {what} are {times} apart. Mine rests on this: {assumes} Now yours.",),
    "revised": ("Before it was {before}, now it is {amount}.", "First {before}, now {amount}."),
    "again": (
        "I ask again, because it matters.",
        "I am not letting this one go.",
        "We were here before, and it is still open.",
    ),
    "nearby": ("While we are there.", "Since you bring it up.", "That leads me to my next worry."),
    "turn to": ("Now something else.", "Next point.", "Leave that for a moment."),
    "challenge": (
        "I have what I asked for. Now the other side: what is the strongest argument against your call, and what is "
        "your answer to it?",
        "One more. What would have to happen in the next six months for you to change your mind?",
        "Last one. If you are wrong about this, how would we notice, and what would it cost us to turn back?",
    ),
    "summary": ("What I take away: {quote}.",),
    "open": (
        "I stop here. I still have no answer on {name}; the written recommendation is your last chance to give one.",
    ),
    "after": ("We are done here. Write the recommendation.", "I have nothing to add: write it down."),
}
