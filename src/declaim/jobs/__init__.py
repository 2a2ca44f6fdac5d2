"""When does it run? ``Jobs`` gives work to an executor and brings what comes of it back to the main thread.

``jobs`` starts, pauses, cancels and retries; ``post_queue`` is the door to the main thread where there is no window.
"""

from declaim.jobs.jobs import Jobs, JobState, JobStatus
from declaim.jobs.post_queue import PostQueue

__all__ = ["JobState", "JobStatus", "Jobs", "PostQueue"]
