using System;
using System.Threading.Tasks;
using Xunit;

namespace Polder.Tests.Cli;

/// <summary><c>diff</c>: two versions at a shell.</summary>
public sealed class DiffCommandTests
{
    private static readonly string Table = Corpus.Path("corpus", "delta", "spark4", "cdf-dml");

    [Fact]
    public async Task Differences_are_printed_one_object_a_line()
    {
        CommandResult whole = await CommandLine.RunAsync("diff", Table, "--from", "2", "--to", "3");
        CommandResult keyed = await CommandLine.RunAsync(
            "diff", Table, "--from", "1", "--to", "2", "--key", "id", "--columns", "id");
        CommandResult same = await CommandLine.RunAsync("diff", Table, "--from", "5", "--to", "latest");

        Assert.Equal((0, ""), (whole.ExitCode, whole.Error));
        Assert.StartsWith("{\"id\":3,", Assert.Single(whole.Lines), StringComparison.Ordinal);
        Assert.EndsWith("\"_change_type\":\"delete\"}", whole.Lines[0], StringComparison.Ordinal);
        Assert.Equal((0, ""), (keyed.ExitCode, keyed.Error));
        Assert.Empty(keyed.Lines);
        Assert.Equal((0, ""), (same.ExitCode, same.Output));
    }

    [Theory]
    [InlineData("--from takes a version from 0, or latest, not 'x'", 2, "--from", "x")]
    [InlineData("--to takes a version", 2, "--from", "0", "--to", "-1")]
    [InlineData("--from", 2, "--to", "1")]
    [InlineData("nowhere", 1, "--from", "0", "--key", "nowhere")]
    [InlineData("99", 1, "--from", "99")]
    public async Task What_makes_no_difference_is_refused(string named, int exitCode, params string[] options)
    {
        CommandResult result = await CommandLine.RunAsync(["diff", Table, .. options]);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }
}
