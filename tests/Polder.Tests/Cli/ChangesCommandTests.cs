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

    [Theory]
    [InlineData("9", "latest is 5", 1)]
    [InlineData("-1", "--from", 2)]
    public async Task Ranges_that_are_none_are_refused(string from, string named, int exitCode)
    {
        string table = Corpus.Path("corpus", "delta", "spark4", "cdf-dml");
        CommandResult result = await CommandLine.RunAsync("changes", table, "--from", from);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(named, result.Error, System.StringComparison.Ordinal);
        Assert.Equal(exitCode, result.Error.TrimEnd().Split('\n').Length);
    }
}
