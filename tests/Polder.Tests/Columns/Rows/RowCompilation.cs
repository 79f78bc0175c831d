using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Polder.Rows.Generator;

namespace Polder.Tests.Columns.Rows;

/// <summary>A source text compiled with the generator, in this process.</summary>
internal sealed class RowCompilation
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is { } name && (
                name.StartsWith("System.", StringComparison.Ordinal) || name == "netstandard.dll" ||
                name is "Polder.Columnar.dll" or "Apache.Arrow.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14);

    private RowCompilation(Compilation input, GeneratorDriver driver)
    {
        Driver = driver.RunGeneratorsAndUpdateCompilation(
            input, out Compilation output, out var diagnostics);
        Input = input;
        Generated = [.. diagnostics];
        CompilerComplaints =
        [
            .. output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning),
        ];
    }

    public Compilation Input { get; }

    public GeneratorDriver Driver { get; }

    /// <summary>What the generator complained of.</summary>
    public IReadOnlyList<Diagnostic> Generated { get; }

    /// <summary>What the compiler complained of, warnings included.</summary>
    public IReadOnlyList<Diagnostic> CompilerComplaints { get; }

    /// <summary>Each output of the generator's model step in the last run, and whether it was new.</summary>
    public IReadOnlyList<IncrementalStepRunReason> ModelReasons =>
    [
        .. Driver.GetRunResult().Results.Single().TrackedSteps[RowGenerator.ModelStep]
            .SelectMany(step => step.Outputs).Select(output => output.Reason),
    ];

    /// <summary>Whether every source was taken from the run before.</summary>
    public bool IsOutputCached => Driver.GetRunResult().Results.Single().TrackedOutputSteps
        .SelectMany(pair => pair.Value).SelectMany(step => step.Outputs)
        .All(output => output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged);

    public static RowCompilation Of(params string[] sources)
    {
        CSharpCompilation input = CSharpCompilation.Create(
            "Rows",
            sources.Select(Parse),
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new RowGenerator().AsSourceGenerator()],
            parseOptions: ParseOptions,
            driverOptions: new GeneratorDriverOptions(
                IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return new RowCompilation(input, driver);
    }

    /// <summary>The same with one more source text.</summary>
    public RowCompilation With(string source) => new(Input.AddSyntaxTrees(Parse(source)), Driver);

    /// <summary>The same with one source text exchanged.</summary>
    public RowCompilation Replace(int index, string source) => new(
        Input.ReplaceSyntaxTree(Input.SyntaxTrees.ElementAt(index), Parse(source)), Driver);

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(
        "using System; using System.Collections.Generic; using Polder.Columns.Rows;\n" + source, ParseOptions,
        "Rows.cs");
}
