using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Polder.Tests.Cli;

public sealed class AppendCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_to_a_missing_table_creates_it_in_one_version()
    {
        CommandResult made = await AppendAsync("""{"a":1,"b":"x"}""");
        Assert.Equal(0, made.ExitCode);
        Assert.Single(Directory.GetFiles(_folder["t/_delta_log"], "*.json"));
        Assert.Equal("""{"a":1,"b":"x"}""", await ReadAsync());
        Assert.Equal(0, (await AppendAsync("""{"b":"y","a":2}""")).ExitCode);
        Assert.Equal("""{"a":1,"b":"x"}""", await ReadAsync("--version", "0"));
        Assert.Equal("{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}", await ReadAsync("--where", "a > 0"));
    }

    [Fact]
    public async Task A_checkpoint_follows_every_tenth_version()
    {
        for (int version = 0; version <= 10; version++)
        {
            Assert.Equal(0, (await AppendAsync($$"""{"a":{{version}}}""")).ExitCode);
        }

        Assert.True(File.Exists(_folder["t/_delta_log/00000000000000000010.checkpoint.parquet"]));
        Assert.Equal(11, (await CommandLine.RunAsync("read", _folder["t"])).Lines.Length);
    }

    [Fact]
    public async Task Merging_adds_columns_that_the_table_lacks()
    {
        await AppendAsync("""{"a":1}""");
        CommandResult merged = await AppendAsync("""{"a":2,"b":"new"}""", "--schema-mode", "merge");
        Assert.Equal((0, ""), (merged.ExitCode, merged.Error));
        Assert.Equal("""{"a":2,"b":"new"}""", await ReadAsync("--where", "b IS NOT NULL"));
    }

    [Fact]
    public async Task Overwrite_keeps_the_older_version_readable()
    {
        await AppendAsync("""{"a":1}""");
        await File.WriteAllTextAsync(_folder["new.ndjson"], "{\"a\":2}\n");
        Assert.Equal(0, (await CommandLine.RunAsync("overwrite", _folder["t"], _folder["new.ndjson"])).ExitCode);
        Assert.Equal("""{"a":2}""", await ReadAsync());
        Assert.Equal("""{"a":1}""", await ReadAsync("--version", "0"));
    }

    private async Task<CommandResult> AppendAsync(string line, params string[] options)
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(line + "\n"));
        return await CommandLine.RunAsync(
            input, ["append", _folder["t"], "-", "--input-format", "ndjson", .. options]);
    }

    private async Task<string> ReadAsync(params string[] options) =>
        (await CommandLine.RunAsync(["read", _folder["t"], .. options])).Output.Trim();
}
