namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>
/// The last ID that a table has given out, which deleting rows doesn't decrease. SQLite keeps it by itself; here, a trigger does.
/// </summary>
internal static class LastIds
{
    public const string Table =
        """
        CREATE TABLE lastids (name text COLLATE "C" PRIMARY KEY, last bigint NOT NULL);
        CREATE FUNCTION keep_last_id() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO lastids VALUES (TG_TABLE_NAME, NEW.id) ON CONFLICT (name) DO UPDATE SET last = greatest(lastids.last, excluded.last);
            RETURN NULL;
        END $$;
        """;

    /// <summary>Keeps the last ID of a table from now on.</summary>
    public static string Of(string table) =>
        $"CREATE TRIGGER {table}_keep_last_id AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION keep_last_id()";
}
