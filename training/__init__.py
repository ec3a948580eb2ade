"""Makes the weights of the built-in reader: data, training, export and measuring."""
