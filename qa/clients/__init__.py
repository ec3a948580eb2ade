"""The language models of llama-index, one module for each client. Each has the same two functions.

`pieces(model, messages, limits)` gives the answer as it comes and raises what the client raises; closing it
ends the request. `context_window(model)` is the tokens that prompt and answer may have together, None where
that is not known.
"""
