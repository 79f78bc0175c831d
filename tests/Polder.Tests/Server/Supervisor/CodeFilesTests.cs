using System.IO;
using System.Linq;
using Polder.Server.Supervisor;
using Xunit;

namespace Polder.Tests.Server.Supervisor;

public sealed class CodeFilesTests
{
    [Theory]
    [InlineData("Program.cs", true)]
    [InlineData("deep/er/app.py", true)]
    [InlineData("notes.md", false)]
    [InlineData("app.log", false)]
    [InlineData(".Program.cs.swp", false)]
    [InlineData(".#Program.cs", false)]
    [InlineData("bin/Program.cs", false)]
    [InlineData("src/obj/Program.cs", false)]
    [InlineData(".git/hook.sh", false)]
    [InlineData("warehouse/t/_delta_log/00000000000000000000.json", false)]
    [InlineData("t/_delta_log/00000000000000000000.json", false)]
    public void Sources_are_code_and_not_what_builds_and_tables_write(string file, bool isSource)
    {
        using TemporaryFolder folder = new();
        string path = folder[file];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");
        Assert.Equal(isSource ? [path] : [], CodeFiles.Sources(folder.Path).ToArray());
    }

    [Theory]
    [InlineData("""{ "title": "x" }""", "")]
    [InlineData("""{ "warehouse": "a", "title": "x" }""", "warehouse=\"a\"")]
    [InlineData("""{ "warehouse": "a", "limits": { "rows": 1 } }""", "limits={ \"rows\": 1 }\nwarehouse=\"a\"")]
    [InlineData("""{ "warehouse": """, null)]
    [InlineData("[]", null)]
    public void Only_some_settings_ask_for_a_restart(string settings, string? expected)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["polder.json"], settings);
        Assert.Equal(expected, CodeFiles.RestartSettings(folder.Path));
    }

    [Fact]
    public void A_folder_that_links_to_itself_ends()
    {
        using TemporaryFolder folder = new();
        Directory.CreateSymbolicLink(folder["loop"], folder.Path);
        File.WriteAllText(folder["a.cs"], "");
        Assert.Equal([folder["a.cs"]], CodeFiles.Sources(folder.Path));
    }
}
