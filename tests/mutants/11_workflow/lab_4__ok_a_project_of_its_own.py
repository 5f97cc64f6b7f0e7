# why: pitches another project
lab_4_turns = [
    """A photograph of a bird feeder goes in, and out comes one of twelve species or none; accuracy of 0.9
on 300 pictures from another garden.""",
    """MobileNet with a new head, since it answers on the old tablet in the kitchen; ResNet-50 was a little
better and four times as slow.""",
    """It trains on Kaggle for about twenty minutes: 4,000 pictures, five epochs, 32 at a time, 0.4 seconds
a step, and the first picture on my laptop.""",
]
