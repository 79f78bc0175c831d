using System;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Polder.Tests.Cli;

/// <summary><c>changes</c>: the change feed at a shell.</summary>
public sealed class ChangesCommandTests
{
    [Fact]
    public async Task Changes_are_printed_one_object_a_line()
    {
        string table = Corpus.Path("corpus", "delta", "spark4", "cdf-dml");
        CommandResult result = await CommandLine.RunAsync(
            "changes", table, "--from", "3", "--to", "3", "--columns", "id,_change_type,_commit_version");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("""{"id":3,"_change_type":"delete","_commit_version":3}""", Assert.Single(result.Lines));

        CommandResult inserts = await CommandLine.RunAsync(
            "changes", table, "--from", "0", "--where", "_change_type = 'insert'");
        Assert.All(inserts.Lines, line => Assert.Equal(
            "insert", JsonSerializer.Deserialize<JsonElement>(line).GetProperty("_change_type").GetString()));
        Assert.True(inserts.Lines.Length >= 10);
    }

    [Fact]
    public async Task A_range_without_an_end_is_named_up_to_the_latest_version()
    {
        using TemporaryFolder folder = new();
        string table = folder["t"];
        await CommandLine.RunAsync("create", table, "--schema", "a INT");
        CommandResult result = await CommandLine.RunAsync("changes", table, "--from", "0");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            "from version 0 to 0: version 0 did not record any", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Following_goes_on_where_the_token_says()
    {
        using TemporaryFolder folder = new();
        string table = Corpus.Path("corpus", "delta", "spark4", "cdf-dml");
        string[] follow =
        [
            "changes", table, "--from", "1", "--follow", "--token", folder["token"], "--columns", "_commit_version",
        ];

        CommandResult first = await CommandLine.RunAsync([.. follow, "--limit", "12"]);
        CommandResult second = await CommandLine.RunAsync([.. follow, "--limit", "5"]);

        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Equal(12, first.Lines.Length);
        Assert.Equal("""{"_commit_version":1}""", first.Lines[9]);
        Assert.Equal("""{"_commit_version":2}""", first.Lines[10]);
        Assert.Equal(5, second.Lines.Length);
        Assert.Equal("""{"_commit_version":2}""", second.Lines[0]);
        Assert.Equal("""{"_commit_version":3}""", second.Lines[4]);
    }

    [Theory]
    [InlineData("--token needs --follow", "--from", "1", "--token", "x")]
    [InlineData("--from is needed", "--to", "1")]
    [InlineData("--follow prints ndjson", "--follow", "--to", "1")]
    public async Task Options_that_do_not_go_together_are_refused(string named, params string[] options)
    {
        CommandResult result = await CommandLine.RunAsync(["changes", "nowhere", .. options]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9", "latest is 5", 1)]
    [InlineData("-1", "--from", 2)]
    public async Task Ranges_that_are_none_are_refused(string from, string named, int exitCode)
    {
        string table = Corpus.Path("corpus", "delta", "spark4", "cdf-dml");
        CommandResult result = await CommandLine.RunAsync("changes", table, "--from", from);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.AsSpan().Count('\n'));
    }
}
