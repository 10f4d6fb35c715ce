-- Enters what a step did into its case; the record is what it answered.
-- $1 id, $2 tenant, $3 case, $4 operation, $5 what it says, $6 record, $7 run, $8 step,
-- $9 workflow, $10 at
insert into case_entry (entry_id, tenant, case_id, op, says, record, run_id, step, workflow, at)
values ($1::uuid, $2::text, $3::text, $4::text, $5::text::jsonb, $6::text::jsonb, $7::uuid,
        $8::text, $9::text, $10::timestamptz)
