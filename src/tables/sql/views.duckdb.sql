-- DuckDB: the tables of one run, or of shards put together (fupan merge --edits), named as the other files expect.
-- Run in the folder that holds data/:  duckdb -init data/sql/views.duckdb.sql < data/sql/completion.sql
-- Several runs or shards at once: a pattern in the path, such as 'shard-*/campaigns.parquet'.
CREATE OR REPLACE TEMP VIEW campaigns AS SELECT * FROM 'data/campaigns.parquet';
CREATE OR REPLACE TEMP VIEW goals AS SELECT * FROM 'data/goals.parquet';
CREATE OR REPLACE TEMP VIEW channels AS SELECT * FROM 'data/channels.parquet';
CREATE OR REPLACE TEMP VIEW budget AS SELECT * FROM 'data/budget.parquet';
CREATE OR REPLACE TEMP VIEW actions AS SELECT * FROM 'data/actions.parquet';
CREATE OR REPLACE TEMP VIEW problems AS SELECT * FROM 'data/problems.parquet';
CREATE OR REPLACE TEMP VIEW experience AS SELECT * FROM 'data/experience.parquet';
CREATE OR REPLACE TEMP VIEW findings AS SELECT * FROM 'data/findings.parquet';
CREATE OR REPLACE TEMP VIEW roster AS SELECT * FROM 'data/roster.parquet';
CREATE OR REPLACE TEMP VIEW conflicts AS SELECT * FROM 'data/conflicts.parquet';
CREATE OR REPLACE TEMP VIEW edits AS SELECT * FROM 'data/edits.parquet';
CREATE OR REPLACE TEMP VIEW files AS SELECT * FROM 'data/files.parquet';
