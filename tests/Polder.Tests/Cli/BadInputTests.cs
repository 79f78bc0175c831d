using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Polder.Tests.Storage;
using Xunit;

namespace Polder.Tests.Cli;

/// <summary>What a hurried person does wrong: one clear line, the right exit code, the table as before.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_without_a_table_is_named()
    {
        Directory.CreateDirectory(_folder["empty"]);
        await FailsAsync(1, ["read", _folder["empty"]], "empty", "Delta table");
        await FailsAsync(1, ["read", _folder["nowhere"]], "nowhere", "Delta table");
        await FailsAsync(1, ["describe", _folder["nowhere"]], "nowhere", "Delta table");
    }

    [Fact]
    public async Task A_missing_input_is_named_and_makes_no_table()
    {
        await FailsAsync(1, ["append", _folder["table"], _folder["missing.csv"]], "missing.csv", "not exist");
        Assert.False(Directory.Exists(_folder["table"]));
    }

    [Fact]
    public async Task A_file_that_is_no_parquet_is_named()
    {
        File.WriteAllText(_folder["broken.parquet"], "PAR1 this is not what it says");
        await FailsAsync(1, ["append", _folder["table"], _folder["broken.parquet"]], "broken.parquet");
        await FailsAsync(1, ["parquet", "meta", _folder["broken.parquet"]], "broken.parquet");
        File.WriteAllText(_folder["empty.parquet"], "");
        await FailsAsync(1, ["parquet", "schema", _folder["empty.parquet"]], "empty.parquet");
    }

    [Fact]
    public async Task A_broken_commit_is_named_and_never_skipped()
    {
        await MakeTableAsync();
        string commit = Directory.GetFiles(_folder["table/_delta_log"], "*.json").Order(StringComparer.Ordinal).Last();
        string text = await File.ReadAllTextAsync(commit);
        await File.WriteAllTextAsync(commit, text[..(text.Length / 2)]);
        await FailsAsync(1, ["read", _folder["table"]], Path.GetFileName(commit));
        await File.WriteAllTextAsync(commit, "");
        await FailsAsync(1, ["read", _folder["table"]], Path.GetFileName(commit));
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_named_with_its_row_and_column_and_the_mend()
    {
        StringBuilder text = new("id,amount\n");
        for (int row = 1; row <= 20_000; row++)
        {
            text.Append(row).Append(',').Append(row == 15_000 ? "n/a" : "1.5").Append('\n');
        }

        await File.WriteAllTextAsync(_folder["rows.csv"], text.ToString());
        CommandResult result = await FailsAsync(
            1, ["append", _folder["table"], _folder["rows.csv"]], "rows.csv", "15000", "amount", "n/a", "--schema");
        Assert.DoesNotContain('\n', result.Error.TrimEnd('\n'));
        Assert.Empty(ReadersSee(_folder["table"]));
    }

    [Fact]
    public async Task A_schema_that_does_not_fit_leaves_the_table_as_it_was()
    {
        await MakeTableAsync();
        File.WriteAllText(_folder["other.ndjson"], """{"id":1,"amount":"x","extra":true}""" + "\n");
        File.WriteAllText(_folder["more.ndjson"], """{"id":1,"amount":1.5,"extra":true}""" + "\n");
        string[] before = ReadersSee(_folder["table"]);
        await FailsAsync(1, ["append", _folder["table"], _folder["other.ndjson"]], "amount");
        await FailsAsync(1, ["append", _folder["table"], _folder["more.ndjson"]], "extra");
        Assert.Equal(before, ReadersSee(_folder["table"]));
    }

    [Fact]
    public async Task An_unknown_column_in_a_condition_gets_a_suggestion()
    {
        await MakeTableAsync();
        await FailsAsync(1, ["read", _folder["table"], "--where", "amuont > 1"], "amuont", "amount");
        await FailsAsync(1, ["read", _folder["table"], "--columns", "nope"], "nope");
        await FailsAsync(1, ["files", _folder["table"], "--where", "nope = 1"], "nope");
    }

    [Fact]
    public async Task A_version_that_never_was_is_named_with_those_that_are()
    {
        await MakeTableAsync();
        await FailsAsync(1, ["read", _folder["table"], "--version", "17"], "17");
        await FailsAsync(1, ["read", _folder["table"], "--timestamp", "1999-01-01"], "1999");
    }

    [Fact]
    public async Task Options_that_make_no_sense_are_usage()
    {
        await FailsAsync(2, ["frobnicate"], "frobnicate");
        await FailsAsync(2, ["read"], "TABLE");
        await FailsAsync(2, ["read", "t", "--format", "xls"], "xls");
        await FailsAsync(2, ["read", "t", "--version", "x"], "x");
        await FailsAsync(2, ["create", "t", "--schema", "a NOSUCHTYPE"], "NOSUCHTYPE");
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_is_named_and_left_alone()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Assert.Skip("needs root, to be somebody else, and setpriv");
            return;
        }

        await MakeTableAsync();
        string[] before = ReadersSee(_folder["table"]);
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        ProcessStartInfo start = new("setpriv",
        [
            "--reuid=65534", "--regid=65534", "--clear-groups",
            CommandLine.Program, "append", _folder["table"], _folder["rows.csv"],
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.SkipWhen(
            error.StartsWith("setpriv:", StringComparison.Ordinal), "the program is not everybody's to run");
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("polder: error: ", error, StringComparison.Ordinal);
        Assert.Contains(_folder["table"], error, StringComparison.Ordinal);
        Assert.Contains("no permission", error, StringComparison.Ordinal);
        Assert.Equal(before, ReadersSee(_folder["table"]));
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_and_leaves_nothing()
    {
        using SmallDisk? disk = SmallDisk.TryMount(_folder["disk"]);
        Assert.SkipWhen(disk is null, "needs mount (root and util-linux)");
        await File.WriteAllTextAsync(_folder["small.csv"], "id,text\n1,first\n");
        Assert.Equal(0, (await CommandLine.RunAsync("append", _folder["disk/t"], _folder["small.csv"])).ExitCode);
        string[] before = ReadersSee(_folder["disk/t"]);

        Random random = new(7);
        await File.WriteAllLinesAsync(
            _folder["big.csv"],
            Enumerable.Range(0, 400_000).Select(row => $"{row},{random.NextInt64():x}{random.NextInt64():x}")
                .Prepend("id,text"));
        await FailsAsync(1, ["append", _folder["disk/t"], _folder["big.csv"]], "space");
        Assert.Equal(before, ReadersSee(_folder["disk/t"]));
        CommandResult read = await CommandLine.RunAsync("read", _folder["disk/t"]);
        Assert.Equal("""{"id":1,"text":"first"}""", read.Output.Trim());
    }

    private static string[] ReadersSee(string table) => !Directory.Exists(table)
        ? []
        : [.. Directory.GetFiles(table, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static async Task<CommandResult> FailsAsync(int exitCode, string[] arguments, params string[] words)
    {
        CommandResult result = await CommandLine.RunAsync(arguments);
        Assert.True(result.ExitCode == exitCode, $"exit code {result.ExitCode}: {result.Output}{result.Error}");
        Assert.StartsWith("polder: error: ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
        Assert.All(words, word => Assert.Contains(word, result.Error, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        return result;
    }

    private async Task MakeTableAsync()
    {
        await File.WriteAllTextAsync(_folder["rows.csv"], "id,amount\n1,1.5\n2,2.5\n");
        CommandResult made = await CommandLine.RunAsync("append", _folder["table"], _folder["rows.csv"]);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
    }
}
