"""What schemathesis must know beside the document: a message is text."""

import schemathesis

schemathesis.serializer.alias("message/rfc822", "text/plain")
