exports.late = () => 'late'
