using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Polder.Rows.Generator;

/// <summary>A property or field that may be mapped.</summary>
internal sealed class RowMemberSymbol
{
    private RowMemberSymbol(ISymbol symbol, ITypeSymbol type, bool isSettable, bool holdsValue)
    {
        Symbol = symbol;
        Type = type;
        IsSettable = isSettable;
        HoldsValue = holdsValue;
    }

    public ISymbol Symbol { get; }

    public ITypeSymbol Type { get; }

    /// <summary>Whether an object initializer can set it.</summary>
    public bool IsSettable { get; }

    /// <summary>Whether it holds a value of its own; computed properties do not.</summary>
    public bool HoldsValue { get; }

    public bool IsRequired => Symbol is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    public Location Location => Symbol.Locations[0];

    /// <summary>
    /// The public properties and fields of a type, and others that carry <c>[PolderColumn]</c>: those of the base
    /// types first, in the order of declaration.
    /// </summary>
    public static IEnumerable<RowMemberSymbol> Of(INamedTypeSymbol type)
    {
        List<INamedTypeSymbol> chain = [];
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            chain.Insert(0, current);
        }

        Dictionary<string, RowMemberSymbol> members = [];
        List<string> order = [];
        foreach (ISymbol symbol in chain.SelectMany(owner => owner.GetMembers()))
        {
            RowMemberSymbol? member = symbol.IsStatic || symbol.IsImplicitlyDeclared && symbol is IFieldSymbol
                ? null
                : From(symbol, type);
            if (member is not null)
            {
                order.Remove(symbol.Name);
                order.Add(symbol.Name);
                members[symbol.Name] = member;
            }
        }

        return order.Select(name => members[name]);
    }

    /// <summary>Whether a constructor's parameter sets it.</summary>
    public bool Matches(IParameterSymbol parameter) =>
        parameter.Name.Equals(Symbol.Name, StringComparison.OrdinalIgnoreCase) &&
        SymbolEqualityComparer.Default.Equals(parameter.Type, Type);

    /// <summary>Whether an attribute leaves it out.</summary>
    public bool IsIgnored(INamedTypeSymbol type) => type.InstanceConstructors.Append(null)
        .Any(constructor => Attribute("PolderIgnoreAttribute", constructor) is not null);

    /// <summary>An attribute of the member, or of the parameter of a record that makes it.</summary>
    public AttributeData? Attribute(string name, IMethodSymbol? constructor) =>
        Find(Symbol, name) ?? constructor?.Parameters.Where(Matches)
            .Select(parameter => Find(parameter, name)).FirstOrDefault(attribute => attribute is not null);

    private static RowMemberSymbol? From(ISymbol symbol, INamedTypeSymbol type)
    {
        if (symbol.DeclaredAccessibility != Accessibility.Public && Find(symbol, "PolderColumnAttribute") is null)
        {
            return null;
        }

        switch (symbol)
        {
            case IPropertySymbol { IsIndexer: false, GetMethod: not null } property:
                return new RowMemberSymbol(
                    property, property.Type, IsReachable(property.SetMethod, type), IsAuto(property));
            case IFieldSymbol { IsConst: false } field:
                return new RowMemberSymbol(field, field.Type, !field.IsReadOnly, true);
            default:
                return null;
        }
    }

    private static bool IsReachable(IMethodSymbol? setter, INamedTypeSymbol type) => setter is not null &&
        (setter.DeclaredAccessibility != Accessibility.Private ||
            SymbolEqualityComparer.Default.Equals(setter.ContainingType, type));

    private static bool IsAuto(IPropertySymbol property) => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
        .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static AttributeData? Find(ISymbol symbol, string name) => symbol.GetAttributes().FirstOrDefault(
        attribute => attribute.AttributeClass is { } found && found.Name == name &&
            found.ContainingNamespace.ToDisplayString() == "Polder.Columns.Rows");
}
