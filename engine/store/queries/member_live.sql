select member_id from member where not fenced order by member_id
