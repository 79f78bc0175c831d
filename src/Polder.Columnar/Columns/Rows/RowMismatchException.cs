using System;

namespace Polder.Columns.Rows;

/// <summary>A column and a member of a row type do not fit each other; names both sides.</summary>
public sealed class RowMismatchException : Exception
{
    internal RowMismatchException(string member, string clrType, string column, string columnType, string detail)
        : base($"{detail} (column {column}: {columnType}, member {member}: {clrType})")
    {
        Member = member;
        ClrType = clrType;
        Column = column;
        ColumnType = columnType;
    }

    /// <summary>The member, as <c>Flight.Delay</c>.</summary>
    public string Member { get; }

    /// <summary>The member's type as C# spells it.</summary>
    public string ClrType { get; }

    /// <summary>The column's path, as <c>items.element.price</c>.</summary>
    public string Column { get; }

    /// <summary>The column's type in SQL; "missing" where there is none.</summary>
    public string ColumnType { get; }
}
