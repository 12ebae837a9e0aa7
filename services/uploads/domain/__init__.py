"""The rules of evidence: who may upload what until when, and how a file name is kept."""
