using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Polder.Rows.Generator.Model;

namespace Polder.Rows.Generator;

/// <summary>Which column type a member's type has.</summary>
internal sealed class TypeMapper
{
    private const string Advice =
        "use a number, bool, char, string, Guid, DateOnly, DateTime, DateTimeOffset, TimeOnly, TimeSpan, enum, " +
        "byte[], a row type, or an array, list, set or dictionary of them";

    private static readonly SymbolDisplayFormat Short = SymbolDisplayFormat.MinimallyQualifiedFormat;

    private static readonly SymbolDisplayFormat Full = SymbolDisplayFormat.FullyQualifiedFormat;

    private static readonly Dictionary<SpecialType, ValueKind> Specials = new()
    {
        [SpecialType.System_Boolean] = ValueKind.Bool,
        [SpecialType.System_SByte] = ValueKind.SByte,
        [SpecialType.System_Int16] = ValueKind.Int16,
        [SpecialType.System_Int32] = ValueKind.Int32,
        [SpecialType.System_Int64] = ValueKind.Int64,
        [SpecialType.System_Single] = ValueKind.Single,
        [SpecialType.System_Double] = ValueKind.Double,
        [SpecialType.System_Byte] = ValueKind.Byte,
        [SpecialType.System_UInt16] = ValueKind.UInt16,
        [SpecialType.System_UInt32] = ValueKind.UInt32,
        [SpecialType.System_UInt64] = ValueKind.UInt64,
        [SpecialType.System_Char] = ValueKind.Char,
        [SpecialType.System_Decimal] = ValueKind.Decimal,
        [SpecialType.System_DateTime] = ValueKind.DateTime,
        [SpecialType.System_String] = ValueKind.String,
    };

    private static readonly Dictionary<string, ValueKind> Named = new()
    {
        ["System.Half"] = ValueKind.Half,
        ["System.Int128"] = ValueKind.Int128,
        ["System.DateOnly"] = ValueKind.DateOnly,
        ["System.DateTimeOffset"] = ValueKind.DateTimeOffset,
        ["System.TimeOnly"] = ValueKind.TimeOnly,
        ["System.TimeSpan"] = ValueKind.TimeSpan,
        ["System.Guid"] = ValueKind.GuidText,
        ["System.ReadOnlyMemory<byte>"] = ValueKind.ByteMemory,
        ["System.Memory<byte>"] = ValueKind.ByteMemory,
    };

    private static readonly Dictionary<string, CollectionKind> Lists = new()
    {
        ["System.Collections.Generic.List<T>"] = CollectionKind.List,
        ["System.Collections.Generic.IList<T>"] = CollectionKind.List,
        ["System.Collections.Generic.ICollection<T>"] = CollectionKind.List,
        ["System.Collections.Generic.IEnumerable<T>"] = CollectionKind.Sequence,
        ["System.Collections.Generic.IReadOnlyList<T>"] = CollectionKind.Sequence,
        ["System.Collections.Generic.IReadOnlyCollection<T>"] = CollectionKind.Sequence,
        ["System.Collections.Generic.HashSet<T>"] = CollectionKind.HashSet,
        ["System.Collections.Generic.ISet<T>"] = CollectionKind.HashSet,
        ["System.Collections.Generic.IReadOnlySet<T>"] = CollectionKind.HashSet,
        ["System.Collections.Immutable.ImmutableArray<T>"] = CollectionKind.ImmutableArray,
        ["System.Collections.Immutable.ImmutableList<T>"] = CollectionKind.ImmutableList,
        ["System.Collections.Immutable.IImmutableList<T>"] = CollectionKind.ImmutableList,
    };

    private static readonly Dictionary<string, CollectionKind> Maps = new()
    {
        ["System.Collections.Generic.Dictionary<TKey, TValue>"] = CollectionKind.Dictionary,
        ["System.Collections.Generic.IDictionary<TKey, TValue>"] = CollectionKind.Dictionary,
        ["System.Collections.Generic.IReadOnlyDictionary<TKey, TValue>"] = CollectionKind.Dictionary,
        ["System.Collections.Generic.SortedDictionary<TKey, TValue>"] = CollectionKind.SortedDictionary,
        ["System.Collections.Immutable.ImmutableDictionary<TKey, TValue>"] = CollectionKind.ImmutableDictionary,
        ["System.Collections.Immutable.IImmutableDictionary<TKey, TValue>"] = CollectionKind.ImmutableDictionary,
    };

    private readonly INamedTypeSymbol _owner;
    private readonly List<DiagnosticModel> _diagnostics;
    private RowMemberSymbol _member = null!;
    private string? _wanted;
    private bool _isWantedUsed;

    public TypeMapper(INamedTypeSymbol owner, List<DiagnosticModel> diagnostics)
    {
        _owner = owner;
        _diagnostics = diagnostics;
    }

    /// <summary>The mapping of a member; null where there is none, which has been reported then.</summary>
    public TypeModel? Map(RowMemberSymbol member, AttributeData? column)
    {
        _member = member;
        _isWantedUsed = false;
        _wanted = column?.NamedArguments.FirstOrDefault(argument => argument.Key == "Type").Value.Value as string;
        int complaintCount = _diagnostics.Count;
        TypeModel? model = Map(member.Type);
        if (model is not null && _wanted is not null && !_isWantedUsed && _diagnostics.Count == complaintCount)
        {
            Wrong("only decimals, Int128, DateTime, enums and Guid have a choice of types");
        }

        return _diagnostics.Count == complaintCount ? model : null;
    }

    private TypeModel? Map(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            TypeModel? inner = Map(nullable.TypeArguments[0]);
            return inner is null ? null : inner with { IsNullable = true };
        }

        bool isNullable = !type.IsValueType && type.NullableAnnotation != NullableAnnotation.NotAnnotated;
        if (MapLeaf(type, isNullable) is { } leaf)
        {
            return Choose(leaf);
        }

        if (type is IArrayTypeSymbol array)
        {
            return array.Rank == 1
                ? MapList(array.ElementType, CollectionKind.Array, type, isNullable)
                : Refuse(type, "use an array of arrays");
        }

        if (type is INamedTypeSymbol named)
        {
            string definition = named.OriginalDefinition.ToDisplayString();
            if (Lists.TryGetValue(definition, out CollectionKind list))
            {
                return MapList(named.TypeArguments[0], list, type, isNullable);
            }

            if (Maps.TryGetValue(definition, out CollectionKind map))
            {
                return MapMap(named, map, isNullable);
            }
        }

        return MapRow(type, isNullable);
    }

    private static TypeModel? MapLeaf(ITypeSymbol type, bool isNullable)
    {
        string name = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(Full);
        string display = type.ToDisplayString(Short).TrimEnd('?');
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum } enumType)
        {
            return new TypeModel(ValueKind.EnumNumber, name, display, isNullable, true)
            {
                Element = MapLeaf(enumType.EnumUnderlyingType!, false),
                Names = NamesOf(enumType),
            };
        }

        if (type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte })
        {
            return new TypeModel(ValueKind.ByteArray, "byte[]", display, isNullable, false);
        }

        if (!Specials.TryGetValue(type.SpecialType, out ValueKind kind) &&
            !Named.TryGetValue(name.Replace("global::", ""), out kind))
        {
            return null;
        }

        TypeModel leaf = new(kind, name, display, isNullable, type.IsValueType);
        return kind switch
        {
            ValueKind.Decimal => leaf with { Precision = 38, Scale = 18 },
            ValueKind.Int128 => leaf with { Precision = 38 },
            _ => leaf,
        };
    }

    private static EquatableArray<EnumName> NamesOf(INamedTypeSymbol type)
    {
        HashSet<object> seen = [];
        return new EquatableArray<EnumName>(type.GetMembers().OfType<IFieldSymbol>()
            .Where(field => field.HasConstantValue)
            .Select(field => new EnumName(field.Name, !seen.Add(field.ConstantValue!))));
    }

    private TypeModel? Choose(TypeModel leaf)
    {
        if (_wanted is null)
        {
            return leaf;
        }

        string wanted = _wanted.Trim().ToLowerInvariant();
        switch (leaf.Kind)
        {
            case ValueKind.Decimal or ValueKind.Int128:
                return ChooseDecimal(leaf, wanted);
            case ValueKind.DateTime:
                return Use(leaf, wanted switch
                {
                    "timestamp_ntz" => ValueKind.DateTime,
                    "timestamp" => ValueKind.DateTimeInstant,
                    "date" => ValueKind.DateTimeDate,
                    _ => null,
                }, "a DateTime is a timestamp_ntz, timestamp or date");
            case ValueKind.GuidText:
                return Use(leaf, wanted switch
                {
                    "string" => ValueKind.GuidText,
                    "binary" => ValueKind.GuidBytes,
                    _ => null,
                }, "a Guid is a string or binary");
            case ValueKind.EnumNumber:
                return Use(leaf, wanted switch
                {
                    "string" => ValueKind.EnumText,
                    _ => null,
                }, "an enum is a string, or its number where no type is given");
            default:
                return leaf;
        }
    }

    private TypeModel? ChooseDecimal(TypeModel leaf, string wanted)
    {
        Match match = Regex.Match(wanted, @"^decimal\s*\(\s*(\d{1,3})\s*(?:,\s*(\d{1,3})\s*)?\)$");
        int precision = match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        int scale = match.Groups[2].Success ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : 0;
        if (precision is < 1 or > 38 || scale > precision)
        {
            return Wrong("it must be decimal(p,s) with p from 1 to 38 and s from 0 to p");
        }

        _isWantedUsed = true;
        return leaf with { Precision = precision, Scale = scale };
    }

    private TypeModel? Use(TypeModel leaf, ValueKind? kind, string choices)
    {
        if (kind is null)
        {
            return Wrong(choices);
        }

        _isWantedUsed = true;
        return leaf with { Kind = kind.Value };
    }

    private TypeModel? MapList(ITypeSymbol elementType, CollectionKind kind, ITypeSymbol type, bool isNullable)
    {
        TypeModel? element = Map(elementType);
        if (element is null)
        {
            return null;
        }

        string name = type is INamedTypeSymbol named
            ? $"{NameOf(named)}<{element.Annotated}>"
            : ArrayOf(element);
        return new TypeModel(ValueKind.List, name, Display(type), isNullable, type.IsValueType)
        {
            Collection = kind,
            Element = element,
        };
    }

    private TypeModel? MapMap(INamedTypeSymbol type, CollectionKind kind, bool isNullable)
    {
        TypeModel? key = Map(type.TypeArguments[0]);
        TypeModel? value = Map(type.TypeArguments[1]);
        if (key is null || value is null)
        {
            return null;
        }

        if (key.Kind is ValueKind.List or ValueKind.Map or ValueKind.Row or ValueKind.ByteArray or ValueKind.ByteMemory)
        {
            return Refuse(type, "use a number, text, date or other single value as the key");
        }

        key = key with { IsNullable = false };
        return new TypeModel(
            ValueKind.Map, $"{NameOf(type)}<{key.Annotated}, {value.Annotated}>", Display(type), isNullable, false)
        {
            Collection = kind,
            Key = key,
            Element = value,
        };
    }

    private TypeModel? MapRow(ITypeSymbol type, bool isNullable)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } named || named.IsTupleType ||
            named.SpecialType != SpecialType.None || named.IsAnonymousType)
        {
            return Refuse(type, Advice);
        }

        if (!IsRow(named))
        {
            if (named.ContainingAssembly.Name.StartsWith("System", StringComparison.Ordinal) || named.IsGenericType)
            {
                return Refuse(type, Advice);
            }

            Add(RowDiagnostics.NotARow, Label, Display(type));
            return null;
        }

        if (Reaches(named, _owner, []))
        {
            Add(RowDiagnostics.Recursive, Label, _owner.Name);
            return null;
        }

        return new TypeModel(
            ValueKind.Row,
            type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(Full),
            Display(type).TrimEnd('?'),
            isNullable,
            type.IsValueType);
    }

    private static bool IsRow(INamedTypeSymbol type) => type.GetAttributes().Any(attribute =>
        attribute.AttributeClass?.ToDisplayString() == "Polder.Columns.Rows.PolderRowAttribute");

    private static bool Reaches(INamedTypeSymbol from, INamedTypeSymbol target, HashSet<string> seen)
    {
        if (SymbolEqualityComparer.Default.Equals(from, target))
        {
            return true;
        }

        return seen.Add(from.ToDisplayString(Full)) && RowMemberSymbol.Of(from)
            .Where(member => !member.IsIgnored(from))
            .SelectMany(member => Parts(member.Type))
            .Any(part => IsRow(part) && Reaches(part, target, seen));
    }

    private static IEnumerable<INamedTypeSymbol> Parts(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Parts(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.SelectMany(Parts).Append(named),
        _ => [],
    };

    private static string NameOf(INamedTypeSymbol type)
    {
        string name = type.ConstructedFrom.ToDisplayString(Full);
        return name.Substring(0, name.IndexOf('<'));
    }

    // An array of arrays is read from the outside in: int[][] are arrays of int[].
    private static string ArrayOf(TypeModel element)
    {
        string name = element.Annotated;
        return element is { Kind: ValueKind.List, Collection: CollectionKind.Array, IsNullable: false }
            ? name.Substring(0, name.IndexOf("[]", StringComparison.Ordinal)) + "[]" +
                name.Substring(name.IndexOf("[]", StringComparison.Ordinal))
            : name + "[]";
    }

    private static string Display(ITypeSymbol type) => type.ToDisplayString(Short);

    private string Label => $"{_owner.Name}.{_member.Symbol.Name}";

    private TypeModel? Refuse(ITypeSymbol type, string advice)
    {
        Add(RowDiagnostics.NoColumnType, Label, Display(type), advice);
        return null;
    }

    private TypeModel? Wrong(string detail)
    {
        Add(RowDiagnostics.WrongType, _wanted!, Label, Display(_member.Type), detail);
        return null;
    }

    private void Add(DiagnosticDescriptor descriptor, params string[] arguments)
    {
        Location location = _member.Location;
        _diagnostics.Add(descriptor.At(
            location.IsInSource && _member.Symbol.ContainingType.Equals(_owner, SymbolEqualityComparer.Default)
                ? location
                : _owner.Locations[0],
            arguments));
    }
}
