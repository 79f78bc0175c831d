using System.Globalization;
using System.IO;
using System.Linq;

namespace Polder.Benchmarks;

/// <summary>
/// Logs of large tables, without data files: one checkpoint with an add per file, each with statistics of ten columns.
/// Made once by DuckDB; the numbers are functions of the file's number, so that every run makes the same.
/// </summary>
internal static class LogInputs
{
    private const int CheckpointVersion = 10;

    private static readonly (string Name, string Type)[] Columns =
    [
        ("n0", "long"), ("n1", "long"), ("n2", "long"), ("n3", "long"), ("n4", "long"), ("x0", "double"),
        ("x1", "double"), ("s0", "string"), ("s1", "string"), ("s2", "string"), ("day", "date"),
    ];

    /// <summary>The checkpoint of a table of so many files.</summary>
    public static string Checkpoint(string table) =>
        Path.Combine(table, "_delta_log", $"{CheckpointVersion:D20}.checkpoint.parquet");

    /// <summary>A table of so many files, made where it is missing.</summary>
    public static string Prepare(Inputs inputs, int fileCount)
    {
        string table = Path.Combine(inputs.Scratch, string.Create(CultureInfo.InvariantCulture, $"log-{fileCount}"));
        string checkpoint = Checkpoint(table);
        if (File.Exists(checkpoint))
        {
            return table;
        }

        string log = Path.Combine(table, "_delta_log");
        Directory.CreateDirectory(log);
        Duck.Execute(
            $"COPY ({Select(fileCount)}) TO '{checkpoint}.new' " +
            "(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)");
        string commit = Path.Combine(log, $"{CheckpointVersion:D20}.json");
        File.WriteAllText(commit, "{\"commitInfo\":{\"operation\":\"WRITE\"}}\n");
        File.WriteAllText(
            Path.Combine(log, "_last_checkpoint"),
            string.Create(
                CultureInfo.InvariantCulture, $"{{\"version\":{CheckpointVersion},\"size\":{fileCount + 2}}}"));
        File.Move(checkpoint + ".new", checkpoint);
        return table;
    }

    /// <summary>The same table elsewhere, to commit to.</summary>
    public static string Copy(string table, string target)
    {
        string log = Directory.CreateDirectory(Path.Combine(target, "_delta_log")).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(table, "_delta_log")))
        {
            File.CreateSymbolicLink(Path.Combine(log, Path.GetFileName(file)), file);
        }

        return target;
    }

    /// <summary>A commit that takes out one file and puts in another.</summary>
    public static void Commit(string table, long version, string removed)
    {
        string path = Path.Combine(
            table, "_delta_log", string.Create(CultureInfo.InvariantCulture, $"{version:D20}.json"));
        string day = removed.Split('/')[0].Split('=')[1];
        const string bounds = "{\\\"n0\\\":5,\\\"n1\\\":5}";
        const string stats = $"{{\\\"numRecords\\\":1,\\\"minValues\\\":{bounds},\\\"maxValues\\\":{bounds}}}";
        string add = $"\"path\":\"day={day}/new-{version}.parquet\",\"partitionValues\":{{\"day\":\"{day}\"}}," +
            $"\"size\":1000000,\"modificationTime\":1,\"dataChange\":true,\"stats\":\"{stats}\"";
        File.WriteAllText(path + ".new", $$$"""
            {"commitInfo":{"operation":"WRITE"}}
            {"remove":{"path":"{{{removed}}}","deletionTimestamp":1,"dataChange":true}}
            {"add":{ {{{add}}} }}

            """);
        File.Move(path + ".new", path);
    }

    private static string Select(int fileCount)
    {
        string fields = string.Join(',', Columns.Select(column =>
            $"{{\"name\":\"{column.Name}\",\"type\":\"{column.Type}\",\"nullable\":true,\"metadata\":{{}}}}"));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            SELECT {'minReaderVersion': 1::INT, 'minWriterVersion': 2::INT} AS protocol, NULL AS metaData, NULL AS add
            UNION ALL BY NAME
            SELECT NULL AS protocol, {
              'id': 'bench', 'format': {'provider': 'parquet', 'options': MAP([]::VARCHAR[], []::VARCHAR[])},
              'schemaString': '{"type":"struct","fields":[{{fields}}]}', 'partitionColumns': ['day'],
              'configuration': MAP([]::VARCHAR[], []::VARCHAR[]), 'createdTime': 0::BIGINT} AS metaData, NULL AS add
            UNION ALL BY NAME
            SELECT NULL AS protocol, NULL AS metaData, {
              'path': 'day=' || d || '/part-' || lpad(i::VARCHAR, 5, '0') || '-' || md5(i::VARCHAR) || '.parquet',
              'partitionValues': MAP(['day'], [d]), 'size': 1000000 + i % 977,
              'modificationTime': 1700000000000 + i, 'dataChange': false, 'stats': {{Statistics()}} } AS add
            FROM (SELECT i, (DATE '2020-01-01' + (i // 1000)::INT)::VARCHAR AS d FROM range({{fileCount}}) t(i))
            """);
    }

    private static string Statistics()
    {
        static string Part(string section, string number, string text) =>
            $"'\"{section}\":{{\"n0\":' || {number} || ',\"n1\":' || (i * 7 % 1000003) || ',\"n2\":' || (i % 1000) " +
            "|| ',\"n3\":' || (i // 100) || ',\"n4\":' || (i % 17) || ',\"x0\":' || (i / 8) " +
            $"|| ',\"x1\":' || (i % 100 / 4) || ',\"s0\":\"' || {text} || '\",\"s1\":\"key' || (i % 5000) " +
            "|| '\",\"s2\":\"v' || (i // 50) || '\"}'";
        return "'{\"numRecords\":' || (1000 + i % 10) || ',' || " +
            Part("minValues", "i", "md5(i::VARCHAR)") + " || ',' || " +
            Part("maxValues", "(i + 99)", "('z' || md5(i::VARCHAR))") +
            " || ',\"nullCount\":{\"n0\":0,\"n1\":0,\"n2\":0,\"n3\":0,\"n4\":0,\"x0\":0,\"x1\":0,\"s0\":' " +
            "|| (i % 3) || ',\"s1\":0,\"s2\":0}}'";
    }
}
