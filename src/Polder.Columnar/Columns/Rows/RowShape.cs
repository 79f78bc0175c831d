using System;
using System.Collections.Generic;
using System.Linq;

namespace Polder.Columns.Rows;

/// <summary>The columns of a row type and the members that they belong to. Immutable.</summary>
public sealed class RowShape
{
    /// <summary>
    /// Rows that are staged on their way to columns, and read from them, at a time: what belongs to them should stay in
    /// the first-level cache.
    /// </summary>
    public const int ChunkRows = 128;

    /// <summary>Called by generated code.</summary>
    /// <param name="name">The row type's name, for messages.</param>
    /// <param name="members">The mapped members, in order.</param>
    public RowShape(string name, params IReadOnlyList<RowMember> members)
    {
        Name = name;
        Members = members;
        Type = DataType.Struct([.. members.Select(
            member => new StructField(member.Column, member.Type, member.IsNullable))]);
    }

    /// <summary>The row type's name.</summary>
    public string Name { get; }

    /// <summary>The mapped members, in the order of the columns.</summary>
    public IReadOnlyList<RowMember> Members { get; }

    /// <summary>The columns: a struct.</summary>
    public DataType Type { get; }

    /// <summary>The shape of a row type.</summary>
    public static RowShape Of<T>()
        where T : IPolderRow<T> => T.Shape;

    /// <summary>What appends rows to columns of their shape.</summary>
    /// <param name="columns">A builder of the shape's type.</param>
    public static RowAppender<T> AppenderOf<T>(ColumnBuilder columns)
        where T : IPolderRow<T> => T.NewAppender((StructBuilder)columns);

    /// <summary>Those of some columns that members map, in the members' order.</summary>
    /// <param name="columns">Names of columns.</param>
    public IReadOnlyList<string> Choose(IReadOnlyList<string> columns) =>
    [
        .. Members.Select(member => IndexOf(columns, member.Column)).Where(index => index >= 0)
            .Select(index => columns[index]),
    ];

    /// <inheritdoc />
    public override string ToString() => $"{Name}: {Type}";

    /// <summary>The place of a name, exact case first, then any; -1 where none is.</summary>
    internal static int IndexOf(IReadOnlyList<string> names, string name)
    {
        int found = -1;
        for (int index = 0; index < names.Count; index++)
        {
            if (string.Equals(names[index], name, StringComparison.Ordinal))
            {
                return index;
            }

            if (found < 0 && string.Equals(names[index], name, StringComparison.OrdinalIgnoreCase))
            {
                found = index;
            }
        }

        return found;
    }
}

/// <summary>A member of a row type and its column.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Member">The member's name.</param>
/// <param name="ClrType">The member's type as C# spells it, for messages.</param>
/// <param name="Type">The column's type.</param>
/// <param name="IsNullable">Whether the member may be null.</param>
/// <param name="Rows">The shape of the row type that the member is or holds; null where it holds none.</param>
/// <param name="HasAnyScale">Whether decimals in it keep their scale themselves, so that any column's will do.</param>
public sealed record RowMember(
    string Column,
    string Member,
    string ClrType,
    DataType Type,
    bool IsNullable,
    RowShape? Rows = null,
    bool HasAnyScale = false);
