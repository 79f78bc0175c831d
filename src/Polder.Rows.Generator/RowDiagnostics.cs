using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Polder.Rows.Generator.Model;

namespace Polder.Rows.Generator;

/// <summary>What the generator complains of; docs/rows.md lists the same.</summary>
internal static class RowDiagnostics
{
    public static readonly DiagnosticDescriptor NotPartial = Make(
        "POLDER0101",
        "A row type is not partial",
        "'{0}' must be declared partial, because [PolderRow] on '{1}' adds code to it");

    public static readonly DiagnosticDescriptor NoRowType = Make(
        "POLDER0102",
        "A type cannot be a row type",
        "'{0}' cannot be a row type: {1}");

    public static readonly DiagnosticDescriptor NoColumnType = Make(
        "POLDER0103",
        "A member's type has no column type",
        "'{0}' has type '{1}', which has no column type: {2}, or leave the member out with [PolderIgnore]");

    public static readonly DiagnosticDescriptor NoConstructor = Make(
        "POLDER0104",
        "A row type has no constructor that rows can be made with",
        "'{0}' has no constructor whose parameters are all mapped members (by name, in any case, and type): add one " +
        "or a constructor without parameters");

    public static readonly DiagnosticDescriptor SameColumn = Make(
        "POLDER0105",
        "Two members have the same column",
        "'{0}' and '{1}' both map column '{2}' (case does not matter): name one with [PolderColumn(\"…\")]");

    public static readonly DiagnosticDescriptor WrongType = Make(
        "POLDER0106",
        "PolderColumn.Type does not fit the member",
        "Type = \"{0}\" does not fit '{1}' of type '{2}': {3}");

    public static readonly DiagnosticDescriptor Recursive = Make(
        "POLDER0107",
        "A row type contains itself",
        "'{0}' makes '{1}' contain itself, but columns nest to a fixed depth: refer to the row by a key, or leave " +
        "the member out with [PolderIgnore]");

    public static readonly DiagnosticDescriptor NotARow = Make(
        "POLDER0108",
        "A member's type is no row type",
        "'{0}' has type '{1}': put [PolderRow] on it and make it partial, or leave the member out with [PolderIgnore]");

    public static readonly DiagnosticDescriptor NotSettable = Make(
        "POLDER0109",
        "A member cannot be set and is left out",
        "'{0}' has neither a setter nor a constructor parameter, so it is not mapped: add one, or say so with " +
        "[PolderIgnore]",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor NoMembers = Make(
        "POLDER0110",
        "A row type has no members",
        "'{0}' has no public property or field that can be read and set: there is nothing to map");

    public static readonly DiagnosticDescriptor RequiredIgnored = Make(
        "POLDER0111",
        "A required member is left out",
        "'{0}' is required, so rows cannot be made without it: map it, or drop 'required'");

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = new[]
    {
        NotPartial, NoRowType, NoColumnType, NoConstructor, SameColumn, WrongType, Recursive, NotARow, NotSettable,
        NoMembers, RequiredIgnored,
    }.ToDictionary(descriptor => descriptor.Id);

    /// <summary>A diagnostic as part of a model.</summary>
    public static DiagnosticModel At(this DiagnosticDescriptor descriptor, Location location, params string[] arguments)
    {
        FileLinePositionSpan lines = location.GetLineSpan();
        return new DiagnosticModel(
            descriptor.Id,
            lines.Path,
            location.SourceSpan.Start,
            location.SourceSpan.Length,
            lines.StartLinePosition.Line,
            lines.StartLinePosition.Character,
            lines.EndLinePosition.Line,
            lines.EndLinePosition.Character,
            new EquatableArray<string>(arguments));
    }

    /// <summary>A diagnostic for the compiler.</summary>
    public static Diagnostic ToDiagnostic(DiagnosticModel model) => Diagnostic.Create(
        ById[model.Id],
        Location.Create(
            model.Path,
            new TextSpan(model.Start, model.Length),
            new LinePositionSpan(
                new LinePosition(model.StartLine, model.StartColumn),
                new LinePosition(model.EndLine, model.EndColumn))),
        [.. model.Arguments]);

    /// <summary>Whether code can be generated in spite of it.</summary>
    public static bool IsWarning(DiagnosticModel model) =>
        ById[model.Id].DefaultSeverity == DiagnosticSeverity.Warning;

    private static DiagnosticDescriptor Make(
        string id, string title, string message, DiagnosticSeverity severity = DiagnosticSeverity.Error) =>
        new(id, title, message, "Polder.Rows", severity, isEnabledByDefault: true);
}
