using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Polder.Tests.Cli;

/// <summary>The verbs that look at a table without reading its rows.</summary>
public sealed class FilesCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_file_that_is_skipped_says_by_what()
    {
        await MakeTableAsync();
        CommandResult result = await CommandLine.RunAsync("files", _folder["t"], "--where", "k = 'b' AND n > 100");
        Assert.Equal(0, result.ExitCode);
        JsonElement[] files = [.. result.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        Assert.Equal(2, files.Length);
        Assert.Equal("partition", Skip(files, "a"));
        Assert.Equal("statistics", Skip(files, "b"));
        Assert.Contains("0 of 2 files", result.Error, StringComparison.Ordinal);

        string? Skip(JsonElement[] all, string key) => all
            .Single(file => file.GetProperty("partitionValues").GetProperty("k").GetString() == key)
            .GetProperty("skippedBy").GetString();
    }

    [Theory]
    [InlineData("k = 'a'", "50", 0)]
    [InlineData("k = 'a'", "51", 1)]
    [InlineData("n >= 0", "1", 1)]
    [InlineData("n > 100", "100", 0)]
    public async Task A_gate_fails_below_the_share_that_was_asked_for(string condition, string percent, int exitCode)
    {
        await MakeTableAsync();
        CommandResult result = await CommandLine.RunAsync(
            "files", _folder["t"], "--where", condition, "--min-pruning", percent);
        Assert.Equal(exitCode, result.ExitCode);
    }

    [Fact]
    public async Task Describe_gives_the_facts_under_fixed_names()
    {
        await MakeTableAsync();
        CommandResult result = await CommandLine.RunAsync("describe", _folder["t"], "--format", "json");
        JsonElement facts = JsonSerializer.Deserialize<JsonElement>(result.Output);
        Assert.Equal(
            [
                "version", "rowCount", "numFiles", "sizeBytes", "schema", "partitionColumns", "protocol",
                "configuration", "setTransactions", "domainMetadata",
            ],
            facts.EnumerateObject().Select(property => property.Name));
        Assert.Equal(3, facts.GetProperty("rowCount").GetInt64());
        Assert.Equal(2, facts.GetProperty("numFiles").GetInt32());
        Assert.Equal("n", facts.GetProperty("schema").GetProperty("fields")[0].GetProperty("name").GetString());
        Assert.Equal("k", facts.GetProperty("partitionColumns")[0].GetString());
    }

    [Fact]
    public async Task Results_go_on_after_an_error_and_say_its_condition()
    {
        CommandResult result = await CommandLine.RunAsync(
            "sql", "SELECT 1 AS a, 'x' AS b; SELECT nope; SELECT 2 AS c; SELECT rank() OVER (ORDER BY 1)",
            "--format", "results", "--warehouse", _folder.Path);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(4, result.Lines.Length);
        const string First = """
            {"schema":[{"name":"a","type":"int","nullable":false},{"name":"b","type":"string","nullable":false}],
            "rows":[[1,"x"]]}
            """;
        Assert.Equal(First.ReplaceLineEndings(""), result.Lines[0]);
        Assert.Equal("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", Condition(result.Lines[1]));
        Assert.Contains("[[2]]", result.Lines[2], StringComparison.Ordinal);
        Assert.Equal("POLDER_UNSUPPORTED", Condition(result.Lines[3]));

        static string? Condition(string line) => JsonSerializer.Deserialize<JsonElement>(line)
            .GetProperty("error").GetProperty("condition").GetString();
    }

    [Fact]
    public async Task Statements_have_parameters_and_versions()
    {
        await MakeTableAsync();
        await CommandLine.RunAsync("append", _folder["t"], _folder["rows.csv"]);
        CommandResult result = await CommandLine.RunAsync(
            "sql", "SELECT count(*) AS c, :of + 1 AS d FROM t WHERE k = :k", "--warehouse", _folder.Path,
            "--param", "k=b", "--param", "of:INT=1", "--at", "t=0", "--format", "ndjson");
        Assert.Equal(["""{"c":2,"d":2}"""], result.Lines);
        foreach (string[] wrong in (string[][])
            [["--param", "k"], ["--param", "n:INT=x"], ["--at", "t"], ["--at", "t=soon"]])
        {
            result = await CommandLine.RunAsync(["sql", "SELECT 1", "--warehouse", _folder.Path, .. wrong]);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(string.Join(' ', wrong), result.Error, StringComparison.Ordinal);
        }
    }

    private async Task MakeTableAsync()
    {
        await File.WriteAllTextAsync(_folder["rows.csv"], "n,k\n1,a\n2,b\n3,b\n");
        CommandResult made = await CommandLine.RunAsync(
            "append", _folder["t"], _folder["rows.csv"], "--partition-by", "k");
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
    }
}
