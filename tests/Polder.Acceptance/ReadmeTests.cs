using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Samples;
using Xunit;

namespace Polder.Acceptance;

/// <summary>What README says can be done, done.</summary>
public sealed class ReadmeTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void The_C_sharp_of_the_readme_is_that_of_the_sample()
    {
        string[] sample = File.ReadAllLines(Path.Combine(Root, "samples", "Readme", "ReadmeExample.cs"));
        int start = Array.FindIndex(sample, line => line.Trim() == "// README") + 1;
        int end = Array.FindIndex(sample, line => line.Trim() == "// end");
        IEnumerable<string> expected = sample[start..end].Select(line => line.Length < 8 ? line : line[8..]);
        Assert.Equal(string.Join('\n', expected), string.Join('\n', Block("csharp")));
    }

    [Fact]
    public async Task The_shell_lines_and_the_C_sharp_of_the_readme_run()
    {
        string shared = Environment.GetEnvironmentVariable("POLDER_SHARED") ?? Path.Combine(Root, "..", "shared");
        string flights = Path.Combine(shared, "data", "flights-3m.parquet");
        if (!File.Exists(flights))
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") != "true", $"{flights} is missing");
            Assert.Skip($"{flights} is missing (set POLDER_SHARED)");
        }

        string folder = Directory.CreateTempSubdirectory("polder-readme-").FullName;
        string before = Environment.CurrentDirectory;
        try
        {
            File.CreateSymbolicLink(Path.Combine(folder, "flights-3m.parquet"), Path.GetFullPath(flights));
            
            // Pages have tests of their own (NewCommandTests, DevCommandTests): a server does not end by itself.
            string[] lines = [.. Block("sh").Where(line => line.StartsWith("./polder ", StringComparison.Ordinal) &&
                !line.StartsWith("./polder dev ", StringComparison.Ordinal) &&
                !line.StartsWith("./polder new ", StringComparison.Ordinal))];
            Assert.Equal(6, lines.Length);
            foreach (string line in lines.Skip(1))
            {
                (int code, string output) = Run(folder, line.Split(" | ")[0]);
                Assert.True(code == 0, $"{line}: exit code {code}\n{output}");
                Assert.NotEmpty(output);
            }

            Environment.CurrentDirectory = folder;
            (Snapshot now, Snapshot first) = await ReadmeExample.RunAsync(TestContext.Current.CancellationToken);
            Assert.Equal(3_000_000, now.RowCount);
            Assert.Equal(0, first.Version);
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int Code, string Output) Run(string folder, string line)
    {
        string program = Path.Combine(
            AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Polder.Cli.exe" : "Polder.Cli");
        List<string> words = Words(line);
        bool isDemo = words[1] == "demo";
        ProcessStartInfo start = new(program, isDemo ? ["demo", "--rows", "60000"] : words.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    // As a POSIX shell splits words, for the quotes that README uses.
    private static List<string> Words(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        char quote = '\0';
        foreach (char letter in line + " ")
        {
            if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
                word.Append(quote == '\0' ? "" : letter.ToString());
            }
            else if (letter is '\'' or '"')
            {
                quote = letter;
            }
            else if (letter != ' ')
            {
                word.Append(letter);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }

    private static List<string> Block(string language)
    {
        List<string> lines = [];
        bool isInside = false;
        foreach (string line in File.ReadLines(Path.Combine(Root, "README.md")))
        {
            if (line == "```" + language)
            {
                isInside = true;
            }
            else if (line == "```")
            {
                isInside = false;
            }
            else if (isInside)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Polder.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
