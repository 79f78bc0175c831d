using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Polder.Rows.Generator.Model;

namespace Polder.Rows.Generator;

/// <summary>From the symbol of a row type to its model.</summary>
internal sealed class RowAnalyzer
{
    private readonly INamedTypeSymbol _type;
    private readonly Location _location;
    private readonly List<DiagnosticModel> _diagnostics = [];

    private RowAnalyzer(INamedTypeSymbol type, Location location)
    {
        _type = type;
        _location = location;
    }

    public static RowModel Analyze(INamedTypeSymbol type, TypeDeclarationSyntax syntax, CancellationToken token)
    {
        RowAnalyzer analyzer = new(type, syntax.Identifier.GetLocation());
        analyzer.CheckType(syntax);
        return analyzer.Describe(syntax, token);
    }

    private void CheckType(TypeDeclarationSyntax syntax)
    {
        for (SyntaxNode? node = syntax; node is TypeDeclarationSyntax declaration; node = node.Parent)
        {
            if (!declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                Add(RowDiagnostics.NotPartial, declaration.Identifier.GetLocation(),
                    declaration.Identifier.Text, _type.Name);
            }
        }

        for (INamedTypeSymbol? type = _type; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType)
            {
                Add(RowDiagnostics.NoRowType, _location, _type.Name,
                    "it is generic, or lies in a generic type; make a row type for each type argument");
                break;
            }
        }

        string? reason = _type.IsStatic ? "it is static"
            : _type.IsAbstract ? "it is abstract, so no row can be made; put the attribute on what derives from it"
            : _type.IsRefLikeType ? "it is a ref struct, which no array can hold"
            : null;
        if (reason is not null)
        {
            Add(RowDiagnostics.NoRowType, _location, _type.Name, reason);
        }
    }

    private RowModel Describe(TypeDeclarationSyntax syntax, CancellationToken token)
    {
        List<RowMemberSymbol> members = [.. RowMemberSymbol.Of(_type).Where(IsMapped)];
        IMethodSymbol? constructor = Choose(members);
        if (constructor is null)
        {
            Add(RowDiagnostics.NoConstructor, _location, _type.Name);
        }

        members = [.. members.Where(member => CanBeSet(member, constructor))];
        token.ThrowIfCancellationRequested();
        TypeMapper mapper = new(_type, _diagnostics);
        List<MemberModel> models = [];
        List<string> names = [];
        foreach (RowMemberSymbol member in members)
        {
            AttributeData? column = member.Attribute("PolderColumnAttribute", constructor);
            TypeModel? model = mapper.Map(member, column);
            if (model is not null)
            {
                string name = member.Symbol.Name;
                models.Add(new MemberModel(
                    Escape(name), $"{_type.Name}.{name}", ColumnName(column) ?? name, model, member.IsRequired));
                names.Add(name);
            }
        }

        CheckColumns(models, members);
        if (models.Count == 0 && _diagnostics.Count == 0)
        {
            Add(RowDiagnostics.NoMembers, _location, _type.Name);
        }

        string clrName = _type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return new RowModel(
            clrName.Replace("global::", "").Replace('<', '_').Replace('>', '_') + ".PolderRow.g.cs",
            _type.ContainingNamespace.IsGlobalNamespace ? null : _type.ContainingNamespace.ToDisplayString(),
            new EquatableArray<string>(Declarations(syntax)),
            _type.Name,
            clrName,
            new EquatableArray<MemberModel>(models),
            new EquatableArray<int>(constructor?.Parameters.Select(parameter => names.FindIndex(
                name => name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase))) ?? []),
            new EquatableArray<DiagnosticModel>(_diagnostics))
        {
            IsSound = _diagnostics.All(RowDiagnostics.IsWarning),
            IsValueType = _type.IsValueType,
        };
    }

    private bool IsMapped(RowMemberSymbol member)
    {
        if (!member.IsIgnored(_type))
        {
            return true;
        }

        if (member.IsRequired)
        {
            Add(RowDiagnostics.RequiredIgnored, member.Location, $"{_type.Name}.{member.Symbol.Name}");
        }

        return false;
    }

    // The constructor that sets the most members which cannot be set otherwise, then the one of the fewest parameters.
    private IMethodSymbol? Choose(List<RowMemberSymbol> members) => _type.InstanceConstructors
        .Where(constructor => !IsCopy(constructor) && constructor.Parameters.All(parameter =>
            parameter.RefKind is RefKind.None or RefKind.In &&
            members.Any(member => member.Matches(parameter))))
        .OrderByDescending(constructor => constructor.Parameters.Count(parameter =>
            members.Any(member => !member.IsSettable && member.Matches(parameter))))
        .ThenBy(constructor => constructor.Parameters.Length)
        .ThenByDescending(constructor => constructor.DeclaredAccessibility == Accessibility.Public)
        .FirstOrDefault();

    private bool IsCopy(IMethodSymbol constructor) => _type.IsRecord && constructor.Parameters.Length == 1 &&
        SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, _type);

    private bool CanBeSet(RowMemberSymbol member, IMethodSymbol? constructor)
    {
        bool canBeSet = member.IsSettable ||
            constructor?.Parameters.Any(member.Matches) == true;
        if (!canBeSet && member.HoldsValue && constructor is not null)
        {
            Add(RowDiagnostics.NotSettable, member.Location, $"{_type.Name}.{member.Symbol.Name}");
        }

        return canBeSet;
    }

    private void CheckColumns(List<MemberModel> models, List<RowMemberSymbol> members)
    {
        Dictionary<string, MemberModel> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (MemberModel model in models)
        {
            if (seen.TryGetValue(model.Column, out MemberModel? other))
            {
                Location location = members.First(member => Escape(member.Symbol.Name) == model.Name).Location;
                Add(RowDiagnostics.SameColumn, location, other.Label, model.Label, model.Column);
            }
            else
            {
                seen.Add(model.Column, model);
            }
        }
    }

    private static string? ColumnName(AttributeData? column) =>
        column?.ConstructorArguments.Length == 1 ? column.ConstructorArguments[0].Value as string : null;

    private static List<string> Declarations(TypeDeclarationSyntax syntax)
    {
        List<string> declarations = [];
        for (SyntaxNode? node = syntax; node is TypeDeclarationSyntax declaration; node = node.Parent)
        {
            string record = declaration is RecordDeclarationSyntax recordSyntax
                ? " " + recordSyntax.ClassOrStructKeyword.Text
                : "";
            declarations.Add($"partial {declaration.Keyword.Text}{record.TrimEnd()} {declaration.Identifier.Text}");
        }

        declarations.Reverse();
        return declarations;
    }

    private static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    private void Add(DiagnosticDescriptor descriptor, Location location, params string[] arguments) =>
        _diagnostics.Add(descriptor.At(location, arguments));
}
