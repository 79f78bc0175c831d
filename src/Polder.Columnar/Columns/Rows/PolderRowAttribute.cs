using System;

namespace Polder.Columns.Rows;

/// <summary>
/// On a partial class, record, struct or record struct: the source generator makes it an
/// <see cref="IPolderRow{TSelf}"/>, so that its instances can be written to columns and read from them. docs/rows.md
/// says which members it maps.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class PolderRowAttribute : Attribute;

/// <summary>How a member of a row type is held as a column; without it the column has the member's name.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class PolderColumnAttribute : Attribute
{
    /// <summary>A column with the member's name.</summary>
    public PolderColumnAttribute()
    {
    }

    /// <summary>A column with a name of its own.</summary>
    /// <param name="name">The column's name, case kept.</param>
    public PolderColumnAttribute(string name)
    {
        Name = name;
    }

    /// <summary>The column's name; null = the member's.</summary>
    public string? Name { get; }

    /// <summary>
    /// The SQL type of the member's innermost values where there is a choice: <c>decimal(p,s)</c> for decimals (default
    /// decimal(38,18)) and Int128 (default decimal(38,0)); <c>timestamp</c> or <c>date</c> for DateTime (default
    /// timestamp_ntz); <c>string</c> for enums (default their number); <c>binary</c> for Guid (default string).
    /// </summary>
    public string? Type { get; init; }
}

/// <summary>Leaves a member of a row type out.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class PolderIgnoreAttribute : Attribute;
