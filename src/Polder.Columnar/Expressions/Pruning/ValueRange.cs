namespace Polder.Expressions.Pruning;

/// <summary>
/// What is known of the values of an expression over some rows: bounds as a <see cref="Literal"/> holds them, null
/// where unknown.
/// </summary>
/// <param name="Minimum">No value is below it.</param>
/// <param name="Maximum">No value is above it.</param>
/// <param name="MayBeNull">Whether a row may be null.</param>
/// <param name="HasValues">Whether a row may be other than null.</param>
internal readonly record struct ValueRange(object? Minimum, object? Maximum, bool MayBeNull, bool HasValues)
{
    /// <summary>Nothing is known.</summary>
    public static ValueRange Unknown { get; } = new(null, null, true, true);

    /// <summary>Every row is null.</summary>
    public static ValueRange OnlyNull { get; } = new(null, null, true, false);
}
