{{
    merge_survivors(
        ref('int_person_merges_unioned'), 'record_key', 'master_record_key', 'survivor_record_key'
    )
}}
