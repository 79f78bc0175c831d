using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta;
using Polder.Expressions;
using Polder.Storage;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>
/// Every table of the corpus: rows exactly as recorded, or a clean error of the right kind, or, where a table uses what
/// is not read yet, a refusal that names it. Never other rows.
/// </summary>
public sealed class CorpusTests
{
    private const int LeastPassed = 240;

    // An empty commit file has lost what it said. Spark takes it for a commit without actions; Polder refuses it.
    private static readonly string[] Stricter = ["spark4/damaged-empty-commit", "spark4/damaged-empty-commit-middle"];

    // Recorded through a reader that gives a variant as text, {'a': test}: compared without quotes.
    private static readonly string[] TextVariants =
    [
        "duckdb-delta/variant__basic", "delta/variant-stats-nested-no-checkpoint", "delta/variant-stats-no-checkpoint",
    ];

    private readonly List<string> _offences = [];
    private readonly List<string> _refusals = [];
    private int _passed;
    private int _passedBeyond;
    private int _pending;

    [Fact]
    public async Task Readable_tables_give_their_recorded_rows()
    {
        using AbsolutePaths paths = new();
        List<CorpusTable> tables = [.. CorpusTable.LoadAll().Where(table => table.Expect == "ok")];
        foreach (CorpusTable table in tables)
        {
            await VisitAsync(table);
        }

        Counted.Say(
            $"Delta corpus: {_passed} of {tables.Count(table => !table.MayBePending)} tables of the first depth " +
            $"read, {_passedBeyond} beyond it, {_pending} pending and refused");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', _refusals));
        Assert.True(_offences.Count == 0, string.Join('\n', _offences));
        Assert.True(_passed >= LeastPassed, $"only {_passed} tables were read");
    }

    [Fact]
    public async Task Broken_and_foreign_tables_fail_cleanly()
    {
        List<string> offences = [];
        foreach (CorpusTable table in CorpusTable.LoadAll().Where(table => table.Expect == "error"))
        {
            try
            {
                Snapshot snapshot = await (await DeltaTable.OpenAsync(table.Folder)).SnapshotAsync();
                await RowLines.ReadAsync(snapshot.Scan());
                offences.Add($"{table.Name}: read, expected {table.ErrorKind}");
            }
            catch (Exception exception)
            {
                if (!IsRightKind(table.ErrorKind!, exception))
                {
                    offences.Add(
                        $"{table.Name}: expected {table.ErrorKind}, {exception.GetType().Name} {exception.Message}");
                }
            }
        }

        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    [Fact]
    public async Task Unspecified_tables_give_the_recorded_rows_or_a_clean_error()
    {
        List<string> offences = [];
        foreach (CorpusTable table in CorpusTable.LoadAll().Where(table => table.Expect == "unspecified"))
        {
            try
            {
                Snapshot snapshot = await (await DeltaTable.OpenAsync(table.Folder)).SnapshotAsync();
                List<string> rows = await RowLines.ReadAsync(snapshot.Scan());
                if (table.Rows is string[] expected)
                {
                    Compare(table, expected, rows, snapshot.Schema, offences);
                }
            }
            catch (Exception exception) when (IsClean(exception))
            {
            }
            catch (Exception exception)
            {
                offences.Add($"{table.Name}: {exception.GetType().Name} {exception.Message}");
            }
        }

        Assert.True(offences.Count == 0, string.Join('\n', offences));
    }

    private async Task VisitAsync(CorpusTable table)
    {
        try
        {
            DeltaTable opened = await DeltaTable.OpenAsync(table.Folder);
            Snapshot snapshot = await opened.SnapshotAsync();
            int before = _offences.Count;
            if (table.Rows is string[] expected)
            {
                Compare(table, expected, await RowLines.ReadAsync(snapshot.Scan()), snapshot.Schema, _offences);
            }
            else if (table.Number("rowCount") is long rowCount)
            {
                Check(table, "rows", rowCount, (await RowLines.ReadAsync(snapshot.Scan())).Count);
            }

            await VisitVersionsAsync(table, opened);
            int passed = _offences.Count == before ? 1 : 0;
            _passed += table.MayBePending ? 0 : passed;
            _passedBeyond += table.MayBePending ? passed : 0;
        }
        catch (UnsupportedFeatureException exception) when (table.MayBePending)
        {
            _pending++;
            _refusals.Add($"  {table.Name}: {exception.Feature}");
        }
        catch (CorruptLogException) when (Stricter.Contains(table.Name))
        {
        }
        catch (Exception exception)
        {
            _offences.Add($"{table.Name}: {exception.GetType().Name} {exception.Message}");
        }
    }

    private async Task VisitVersionsAsync(CorpusTable table, DeltaTable opened)
    {
        if (!table.Expected.TryGetProperty("versions", out JsonElement versions))
        {
            return;
        }

        JsonProperty[] all = [.. versions.EnumerateObject()];
        foreach (JsonProperty version in all.Where((_, index) => index == all.Length / 2))
        {
            if (!version.Value.TryGetProperty("rowCount", out JsonElement count) ||
                count.ValueKind != JsonValueKind.Number)
            {
                continue;
            }

            Snapshot older = await opened.SnapshotAsync(long.Parse(version.Name, CultureInfo.InvariantCulture));
            List<string> rows = await RowLines.ReadAsync(older.Scan());
            Check(table, $"rows of version {version.Name}", count.GetInt64(), rows.Count);
        }
    }

    private void Check(CorpusTable table, string what, long expected, long actual)
    {
        if (expected != actual)
        {
            _offences.Add($"{table.Name}: {what}: {actual}, expected {expected}");
        }
    }

    private static void Compare(
        CorpusTable table, string[] expected, List<string> actual, DataType schema, List<string> offences)
    {
        List<string> wanted = [.. expected.Select(line => RowLines.Normalize(line, schema))];
        if (TextVariants.Contains(table.Name))
        {
            wanted = [.. wanted.Select(WithoutQuotes)];
            actual = [.. actual.Select(WithoutQuotes)];
            actual.Sort(StringComparer.Ordinal);
        }

        wanted.Sort(StringComparer.Ordinal);
        if (wanted.SequenceEqual(actual))
        {
            return;
        }

        string missing = wanted.Except(actual).FirstOrDefault("none");
        string extra = actual.Except(wanted).FirstOrDefault("none");
        offences.Add(
            $"{table.Name}: {actual.Count} rows, expected {wanted.Count}; missing {missing}; too much {extra}");
    }

    private static string WithoutQuotes(string line) => line.Replace("\\u0027", "", StringComparison.Ordinal)
        .Replace("\\u0022", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal)
        .Replace("\"", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    private static bool IsRightKind(string kind, Exception exception) => kind switch
    {
        "tableNotFound" => exception is TableNotFoundException,
        "unsupportedProtocol" or "unsupportedFeature" or "unsupportedTypeChange" =>
            exception is UnsupportedFeatureException,
        "versionGap" or "corruptLog" or "protocolMissing" or "metadataMissing" => exception is CorruptLogException,
        _ => exception is CorruptFileException,
    };

    private static bool IsClean(Exception exception) => exception is CorruptFileException or
        UnsupportedFeatureException or TableNotFoundException or StoreException or QueryException;
}
