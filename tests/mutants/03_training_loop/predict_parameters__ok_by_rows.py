# why: (inputs + 1) times outputs for each layer
digit_parameters = sum((d_in + 1) * d_out for d_in, d_out in [(64, 128), (128, 128), (128, 10)])
