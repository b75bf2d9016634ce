-- The cosine of two vectors whose length is 1. pgvector computes it where the server has it and lets us create it; else
-- PostgreSQL does, and more slowly. `nearness_by_pgvector()` changes over later, when the extension is installed.
CREATE FUNCTION nearness(real[], real[]) RETURNS real LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT sum(a * b)::real FROM unnest($1, $2) AS t(a, b));

CREATE FUNCTION nearness_by_pgvector() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS vector;
    CREATE OR REPLACE FUNCTION nearness(real[], real[]) RETURNS real LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN (-($1::vector <#> $2::vector))::real;
    RETURN true;
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'vectors are compared without pgvector: %', SQLERRM;
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION nearness_by_pgvector() FROM PUBLIC;

SELECT nearness_by_pgvector();
