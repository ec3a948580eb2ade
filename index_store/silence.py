"""Switches off the telemetry of every library that has some. Imported before any of them."""

from __future__ import annotations

import os

os.environ.update(
    ANONYMIZED_TELEMETRY="False",  # Chroma
    DO_NOT_TRACK="1",  # Hugging Face and others
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    ORT_DISABLE_TELEMETRY="1",  # ONNX Runtime
)
