"""Of which sheets a sample is known that counts."""

from sqlalchemy import and_

from services.uploads.models import Sheet

# A sample may be told of after the submission that it was made of was undone.
IS_SAMPLED = and_(Sheet.sampled_at.is_not(None), Sheet.submitted_at.is_not(None))
