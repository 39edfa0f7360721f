"""What goes over HTTP, as pydantic models: request bodies are strict, answers complete."""
