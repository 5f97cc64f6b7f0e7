# mistake: gives Ms Oyelaran her own words back
# caught: check_lab_2
# says: repeats the partner's own words
lab_2_turns = [
    """FLAN-T5 base has 248 million parameters and turns a passage into a question on a plain CPU, we need no giant.""",
    """At 100 times the volume the small API costs about $86 a month and the large one about $1,440.""",
    """I have $200 a month, one developer, and a shelf of chapters. So: which model? I want its name.""",
]
