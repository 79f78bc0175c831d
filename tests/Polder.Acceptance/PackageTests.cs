using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Polder.Acceptance;

/// <summary>The packages as somebody outside gets them.</summary>
[Trait("Speed", "Slow")]
public sealed class PackageTests : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <IsAotCompatible>true</IsAotCompatible>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <WarningsNotAsErrors>NU1900</WarningsNotAsErrors>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Polder" Version="0.1.0" />
            <KnownILLinkPack Update="Microsoft.NET.ILLink.Tasks" ILLinkPackVersion="10.0.12" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using System;
        using System.Collections.Generic;
        using Polder.Columns.Rows;
        using Polder.Delta;

        Paragraph[] rows =
        [
            new("a", [new Sentence(["It", "rains"], 1.5m)], new() { ["k"] = null }),
            new("b", [], []),
        ];
        DeltaTable table = await DeltaTable.OpenOrCreateAsync<Paragraph>(args[0]);
        await table.AppendAsync(rows);
        string wanted = "a";
        await foreach (Paragraph row in table.Scan<Paragraph>().Where(row => row.Id == wanted))
        {
            Console.WriteLine($"{row.Id} {row.Sentences[0].Words[1]} {row.Sentences[0].Score:0.0} {row.Tags.Count}");
        }

        [PolderRow]
        public partial record Paragraph(string Id, Sentence[] Sentences, Dictionary<string, string?> Tags);

        [PolderRow]
        public partial record Sentence(List<string> Words, decimal? Score);
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("polder-package-").FullName;

    /// <summary>
    /// Packs what was built, makes a project that references Polder alone, and runs it: the generator comes along, its
    /// code compiles without a warning, those of the trimming and AOT analyzers included, and rows come back.
    /// </summary>
    [Fact]
    public async Task A_fresh_project_that_references_only_Polder_maps_its_own_rows()
    {
        string root = FindRoot();
        string feed = Path.Combine(_folder, "feed");
        foreach (string name in new[] { "Polder.Columnar", "Polder" })
        {
            await RunAsync(root, "pack", $"src/{name}", "-c", Configuration, "--no-build", "-o", feed, "-nologo");
        }

        string project = Directory.CreateDirectory(Path.Combine(_folder, "fresh")).FullName;
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(project, "Fresh.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), Program);

        // Nothing that lies above the folder has a say.
        await File.WriteAllTextAsync(Path.Combine(project, ".editorconfig"), "root = true\n");
        await File.WriteAllTextAsync(Path.Combine(project, "Directory.Build.props"), "<Project />");

        // Other people's packages are taken from where the build has put them; ours go to a folder of this test.
        await File.WriteAllTextAsync(Path.Combine(project, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_folder, "packages")}" /></config>
              <fallbackPackageFolders><add key="built" value="{packages}" /></fallbackPackageFolders>
              <packageSources><add key="feed" value="{feed}" /></packageSources>
            </configuration>
            """);
        string printed = await RunAsync(project, "run", "-c", "Release", "--", Path.Combine(_folder, "table"));
        Assert.Equal("a rains 1.5 1", printed.Trim());
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Configuration => AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)
        .EndsWith("release", StringComparison.Ordinal) ? "Release" : "Debug";

    private static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // No server of the build may outlive the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}\n{await error}");
        return output;
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
