using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Polder.Tests.Columns.Rows;

/// <summary>What the generator says about types that it cannot map, and that its code compiles where it can.</summary>
public sealed class RowGeneratorTests
{
    // The text between ‹ and › is where the diagnostic must point.
    public static TheoryData<string, string> Refused => new()
    {
        { "POLDER0101", "[PolderRow] public class ‹A› { public int X { get; set; } }" },
        { "POLDER0101", "public class ‹Outer› { [PolderRow] public partial class A { public int X { get; set; } } }" },
        { "POLDER0102", "[PolderRow] public partial class ‹A›<T> { public int X { get; set; } }" },
        { "POLDER0102", "[PolderRow] public abstract partial class ‹A› { public int X { get; set; } }" },
        { "POLDER0102", "[PolderRow] public ref partial struct ‹A› { public int X; }" },
        { "POLDER0103", "[PolderRow] public partial class A { public object? ‹X› { get; set; } }" },
        { "POLDER0103", "[PolderRow] public partial class A { public int[,]? ‹X› { get; set; } }" },
        { "POLDER0103", "[PolderRow] public partial record A((int, string) ‹X›);" },
        { "POLDER0103", "[PolderRow] public partial record A(Dictionary<int[], string> ‹X›);" },
        { "POLDER0103", "[PolderRow] public partial record A(List<Queue<int>> ‹X›);" },
        { "POLDER0103", "[PolderRow] public partial record A(UInt128 ‹X›);" },
        { "POLDER0103", "[PolderRow] public partial record A(IntPtr ‹X›);" },
        { "POLDER0103", "[PolderRow] public partial record A(dynamic ‹X›);" },
        { "POLDER0104", "[PolderRow] public partial class ‹A› { public A(int y) { X = y; } public int X { get; } }" },
        { "POLDER0105", "[PolderRow] public partial record A(int X, [property: PolderColumn(\"x\")] int ‹Y›);" },
        { "POLDER0106", "[PolderRow] public partial record A([PolderColumn(Type = \"decimal(39,2)\")] decimal ‹X›);" },
        { "POLDER0106", "[PolderRow] public partial record A([PolderColumn(Type = \"decimal(3,4)\")] decimal ‹X›);" },
        { "POLDER0106", "[PolderRow] public partial record A([PolderColumn(Type = \"time\")] DateTime ‹X›);" },
        { "POLDER0106", "[PolderRow] public partial record A([PolderColumn(Type = \"bigint\")] int ‹X›);" },
        { "POLDER0107", "[PolderRow] public partial class A { public int N; public List<A>? ‹X› { get; set; } }" },
        {
            "POLDER0107",
            "[PolderRow] public partial record A(B ‹X›); [PolderRow] public partial record B(A[] ‹Y›);"
        },
        { "POLDER0108", "public class B; [PolderRow] public partial record A(List<B> ‹X›);" },
        { "POLDER0109", "[PolderRow] public partial class A { public int N; public int ‹X› { get; } }" },
        { "POLDER0110", "[PolderRow] public partial class ‹A› { public int X => 1; }" },
        {
            "POLDER0111",
            "[PolderRow] public partial class A { public int N; [PolderIgnore] public required int ‹X› { get; set; } }"
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_mapped_is_said_at_its_place(string id, string marked)
    {
        (string source, List<string> places) = Unmark(marked);
        RowCompilation compilation = RowCompilation.Of(source);
        Assert.All(compilation.Generated, diagnostic => Assert.Equal(id, diagnostic.Id));
        Assert.Equal(
            places,
            compilation.Generated.Select(diagnostic => diagnostic.Location.GetLineSpan())
                .Select(span => $"{span.StartLinePosition.Character}-{span.EndLinePosition.Character}"));
        Assert.All(compilation.Generated, diagnostic => Assert.DoesNotContain("{", diagnostic.GetMessage()));

        // Nothing but our own words: no half of an implementation that the compiler stumbles over.
        Assert.DoesNotContain(
            compilation.CompilerComplaints, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    public static TheoryData<string> Mapped =>
    [
        "[PolderRow] public partial record A(int X);",
        "[PolderRow] partial struct A { public int X; public string? Y { get; private set; } }",
        "namespace N; partial class Outer { partial interface I { [PolderRow] private partial record A(int X); } }",
        "[PolderRow] public partial class A { public int @class { get; set; } public int @event; }",
        "[PolderRow] public partial class A(int x) { public int X { get; } = x; public int Twice => 2 * X; }",
        "public class Base { public int X { get; set; } } [PolderRow] public partial class A : Base { public int Y; }",
        "[PolderRow] public partial record A(int X) { [Obsolete] public int Y { get; set; } }",
        "[PolderRow] public partial record A(int X) { [PolderIgnore] public object? Y { get; set; } }",
        "[PolderRow] public partial record A([PolderIgnore] int X = 0) { public A() : this(0) { } public int Z; }",
        "[PolderRow] public partial class A { private A() { } [PolderColumn] internal int X { get; set; } }",
        "[PolderRow] public partial class A { public required int X { get; init; } public A(int x) { X = x; } }",
        "#nullable disable\n" +
            "[PolderRow] public partial class A { public string X; public List<string> Y; public A2[] Z; }" +
            "[PolderRow] public partial class A2 { public byte[] Bytes; public Dictionary<string, A3> Map; }" +
            "[PolderRow] public partial class A3 { public int X; }",
        "public enum E { @null, @default = 3 } " +
            "[PolderRow] public partial record A([PolderColumn(Type = \"string\")] E X);",
        "[PolderRow] public partial record A(Dictionary<string, Dictionary<int, List<B?>?>?>? X);" +
            "[PolderRow] public readonly partial record struct B(List<int[]?[]> Y, IList<string> Z, ISet<B2> S);" +
            "[PolderRow] public sealed partial record B2(ReadOnlyMemory<byte>? Y, Memory<byte> M);",
    ];

    [Theory]
    [MemberData(nameof(Mapped))]
    public void Generated_code_compiles_without_a_warning(string source)
    {
        RowCompilation compilation = RowCompilation.Of(source);
        Assert.Empty(compilation.Generated);
        Assert.DoesNotContain(compilation.CompilerComplaints, diagnostic => diagnostic.Id != "CS0649");
        Assert.Equal(
            source.Split("[PolderRow]").Length - 1,
            compilation.Driver.GetRunResult().GeneratedTrees.Length);
    }

    [Fact]
    public void An_edit_elsewhere_generates_nothing_anew()
    {
        RowCompilation before = RowCompilation.Of(
            "[PolderRow] public partial record A(int X, B[] Y);",
            "[PolderRow] public partial record B(DateOnly Z);");
        RowCompilation elsewhere = before.With("public class C { public int M() => 1; }");
        Assert.All(elsewhere.ModelReasons, reason => Assert.Contains(
            reason, new[] { IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached }));
        Assert.True(elsewhere.IsOutputCached);

        // In the same file too, as long as the row type and its place stay as they are.
        RowCompilation comment = before.Replace(1, "[PolderRow] public partial record B(DateOnly Z); // changed");
        Assert.True(comment.IsOutputCached);

        // The canary: a change that matters is seen.
        Assert.False(before.Replace(1, "[PolderRow] public partial record B(DateTime Z);").IsOutputCached);
    }

    private static (string Source, List<string> Places) Unmark(string marked)
    {
        List<string> places = [];
        string source = "";
        int start = 0;
        foreach (char letter in marked)
        {
            switch (letter)
            {
                case '‹':
                    start = source.Length;
                    break;
                case '›':
                    places.Add($"{start}-{source.Length}");
                    break;
                default:
                    source += letter;
                    break;
            }
        }

        return (source, places);
    }
}
