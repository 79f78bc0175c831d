namespace Polder.Parquet;

/// <summary>The form in which strings and binaries at the top level of a file come out of a read.</summary>
public enum StringForm
{
    /// <summary>Offsets and bytes (<c>StringArray</c>, <c>BinaryArray</c>).</summary>
    Offsets,

    /// <summary>
    /// As <c>DictionaryArray</c> of 32-bit positions where every chunk of the column begins with a dictionary, else as
    /// <see cref="Offsets"/>. All batches of a row group share its dictionary, which may hold entries that no row of a
    /// batch has, or a value twice; values that stand outside it are entries of their batch's own dictionary.
    /// </summary>
    Dictionary,

    /// <summary>
    /// Views of 16 bytes (<c>StringViewArray</c>, <c>BinaryViewArray</c>): strings of a dictionary are not copied.
    /// </summary>
    Views,
}
