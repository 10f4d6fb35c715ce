-- Waits for batches that are being committed right now; later ones of these members write nothing.
update writer set fenced = true
from member
where member.member_id = writer.member_id and member.fenced and not writer.fenced
